"""Indexing arrays whose elements have always been stored in the same way, with indices that were never outside.

Storage and index are compared with what is expected, and anything else leaves for the interpreter.  What follows
has one way to find or put an element; stores that would change the storage are not in the code.
"""

from __future__ import annotations

from rufflang.bytecode.flow import Instruction
from rufflang.interpreter.feedback import KINDS, KINDS_SHIFT, NO_ARRAY, NOT_ALL_INSIDE, OUTSIDE, STORAGES
from rufflang.interpreter.loops import Iteration
from rufflang.jit.making import make_array
from rufflang.jit.narrowing import of_kind
from rufflang.jit.ownership import owned
from rufflang.jit.request import single_kind
from rufflang.jit.words import known_tag, value
from rufflang.lowpy.function import as_low
from rufflang.lowpy.types import I64, U8, record_type, struct_type
from rufflang.lowpy.values import Aggregate, Word, constant_word
from rufflang.runtime.arrays import array_get, array_object, array_set, as_array
from rufflang.runtime.arrays_ahead import approach_container, approach_object
from rufflang.runtime.destructuring import share_piece
from rufflang.runtime.objects import FIRST_OBJECT, GENERIC, ArrayObject
from rufflang.runtime.values import ARRAY, BOOL, FLOAT, INT, STRING

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from rufflang.jit.operations import Operations

_FIELDS = struct_type(ArrayObject).fields
_STORAGES = {1 << storage: storage for storage in (GENERIC, INT, FLOAT, BOOL, FIRST_OBJECT)}
_OBJECTS = 0xFF
"""An element kind that is none: of objects, but it is not known which."""
_STEP = record_type(Iteration)
_FARTHEST = 1 << 48
"""No array is that long."""


class ArrayAccess:
    """GET_INDEX, SET_INDEX, FOR_NEXT and NEW_ARRAY."""

    def __init__(self, operations: Operations) -> None:
        self.operations = operations
        self.translator = operations.translator
        self.emitter = operations.emitter

    # ------------------------------------------------------------------------ elements

    def get(self, item: Instruction) -> None:
        array, index = self.operations.register(item.b), self.operations.register(item.c)
        storage = self._storage(item, array, index)
        if storage is None:
            self.operations.replay(item)
            return
        with self.translator.loops.hoisting.known(item.b, array):
            self._check(item, array, index, storage)
            found = self._element(array, index, storage)
        self.operations.set_register(item.a, self.translator.guard_kind(item, item.a, found))

    def set(self, item: Instruction) -> None:
        array, index = self.operations.register(item.a), self.operations.register(item.b)
        new = self.operations.register(item.c)
        storage = self._storage(item, array, index, known_tag(new))
        hoisting = self.translator.loops.hoisting
        if storage is None or storage not in (GENERIC, known_tag(new)):
            hoisting.rows.give_up(item)
            self.operations.replay(item)
            return
        with hoisting.known(item.a, array):
            self._check(item, array, index, storage)
            self._put(array, index, new, storage)

    def _put(self, array: Aggregate, index: Aggregate, new: Aggregate, storage: int) -> None:
        emitter = self.emitter
        with emitter.knowing(array.words[1], {_FIELDS["flags"].offset: constant_word(U8, storage)}):
            emitter.inline(as_low(array_set), [emitter.vm, self.object_of(array), index.words[1], new])

    def next(self, item: Instruction) -> None:
        """The next element of an array in a `for` loop."""
        emitter, translator, operations = self.emitter, self.translator, self.operations
        array, position = operations.register(item.a), operations.register(item.a + 1)
        storage = self._storage(item, array, position)
        if storage is None:
            operations.replay(item)
            return
        assert item.target is not None
        over, more = emitter.new_label("over"), emitter.new_label("more")
        hoisting = translator.loops.hoisting
        with hoisting.known(item.a, array):
            length = self.field(array, "length")
        emitter.branch(emitter.compare("sge", position.words[1], length), over, more)
        before = dict(translator.environment)
        emitter.start(over)
        translator.follow(item.target)
        translator.environment = before
        emitter.start(more)
        with hoisting.known(item.a, array):
            self.emitter.guard(self._is_stored(array, storage), lambda: translator.side_exit(item.pc))
            found = self._element(array, position, storage)
            if storage >= FIRST_OBJECT:
                approach = approach_object if storage == STRING else approach_container
                emitter.inline(as_low(approach), [self.object_of(array), position.words[1]])
        following = emitter.define(I64, f"add nuw nsw i64 {position.words[1].text}, 1")
        operations.iterating.take_item(item, Aggregate(_STEP, (*found.words, following)))

    def _storage(self, item: Instruction, array: Aggregate, index: Aggregate, new: int | None = None) -> int | None:
        """The expected element kind of an array that gives an element or gets one of kind `new`.

        It is _OBJECTS if that is all that is expected, and None if nothing is.
        """
        seen = self.translator.request.words[item.pc + 1]
        if known_tag(array) != ARRAY or known_tag(index) != INT or seen & (NO_ARRAY | OUTSIDE):
            return None
        storage = _STORAGES.get(seen & STORAGES)
        if storage != FIRST_OBJECT:
            return storage
        kind = new or single_kind(seen >> KINDS_SHIFT & 0xFFFF)
        return kind if kind is not None and kind >= FIRST_OBJECT else _OBJECTS

    def _check(self, item: Instruction, array: Aggregate, index: Aggregate, storage: int) -> None:
        hoisting = self.translator.loops.hoisting

        def check() -> None:
            if item.pc not in hoisting.stored:
                self.emitter.guard(self._is_stored(array, storage), lambda: self.translator.side_exit(item.pc))
            if item.pc not in hoisting.inside:
                self.emitter.guard(self._is_inside(array, index), lambda: self.translator.side_exit(item.pc))

        hoisting.lookalikes.check(item, self.object_of(array), index.words[1], check)

    def _is_stored(self, array: Aggregate, storage: int) -> Word:
        kind = self.field(array, "flags")
        if storage == _OBJECTS:
            return self.emitter.compare("uge", kind, constant_word(U8, FIRST_OBJECT))
        return self.emitter.compare("eq", kind, constant_word(U8, storage))

    def _is_inside(self, array: Aggregate, index: Aggregate) -> Word:
        return self.emitter.compare("ult", index.words[1], self.field(array, "length"))

    def pieces(self, item: Instruction, array: Aggregate, tag: Word, count: int) -> list[Aggregate] | None:
        """The first elements of what probably is an array, as DESTRUCTURE_ARRAY has met them; None if of any kind."""
        emitter, seen = self.emitter, self.translator.request.words[item.pc + 1]
        storage = self._storage(item, array, value(INT, emitter.number(0)))
        if storage is None:
            return None

        def leave() -> None:
            self.translator.side_exit(item.pc)

        emitter.guard(emitter.compare("eq", tag, emitter.number(ARRAY)), leave)
        found = []
        for index, piece in enumerate(self.elements(array, storage, count, leave)):
            found.append(self.expected_piece(piece, seen, index, leave))
        for piece in found:
            emitter.inline(as_low(share_piece), [self.object_of(array), piece])
        return found

    def expected_piece(self, piece: Aggregate, seen: int, index: int, leave: Callable[[], None]) -> Aggregate:
        """An element, of the one kind that DESTRUCTURE_ARRAY has noted, if that is one; leaves if it is another."""
        kind = single_kind(seen >> KINDS_SHIFT * (index + 1) & KINDS >> KINDS_SHIFT)
        if kind is None or piece.words[0].constant is not None:
            return piece
        is_expected, narrowed = of_kind(self.emitter, piece, kind)
        self.emitter.guard(is_expected, leave)
        return narrowed

    def elements(self, array: Aggregate, storage: int, count: int, leave: Callable[[], None]) -> list[Aggregate]:
        """The first elements of an array; leaves where it is stored in another way, or shorter."""
        emitter = self.emitter
        emitter.guard(self._is_stored(array, storage), leave)
        emitter.guard(emitter.compare("sge", self.field(array, "length"), emitter.number(count)), leave)
        return [self._element(array, value(INT, emitter.number(index)), storage) for index in range(count)]

    # --------------------------------------------------------------- before a loop

    def early(
        self, item: Instruction, array: Aggregate, index: Aggregate, leave: Callable[[], None]
    ) -> Aggregate | None:
        """The element that GET_INDEX will give, taken before its time; None if it may be anything."""
        storage = self._storage(item, array, index)
        kind = single_kind(self.translator.request.words[item.pc + 1] >> KINDS_SHIFT & 0xFFFF)
        if storage is None or kind is None:
            return None
        self.emitter.guard(self._is_stored(array, storage), leave)
        self.emitter.guard(self._is_inside(array, index), leave)
        found = self._element(array, index, storage)
        tag = found.words[0]
        if tag.constant is None:
            self.emitter.guard(self.emitter.compare("eq", tag, constant_word(I64, kind)), leave)
        readable = self.emitter.readable(value(kind, found.words[1]))
        assert isinstance(readable, Aggregate)
        return readable

    def place_early(
        self, item: Instruction, array: Aggregate, index: Aggregate, leave: Callable[[], None]
    ) -> Aggregate:
        """The array with one holder that OWN_INDEX will find in an array."""
        emitter = self.emitter
        emitter.guard(self._is_inside(array, index), leave)
        found, _ = emitter.inline(as_low(array_get), [self.object_of(array), index.words[1]])
        assert isinstance(found, Aggregate)
        emitter.guard(emitter.compare("eq", found.words[0], constant_word(I64, ARRAY)), leave)
        row = value(ARRAY, found.words[1])
        emitter.guard(emitter.compare("eq", emitter.mark_of(row), constant_word(U8, 0)), leave)
        readable = emitter.readable(owned(row))
        assert isinstance(readable, Aggregate)
        return readable

    def stored_early(self, item: Instruction, array: Aggregate, leave: Callable[[], None]) -> bool:
        """Checks how the array is stored that GET_INDEX will look into, if anything is expected."""
        storage = self._storage(item, array, value(INT, self.emitter.number(0)))
        if storage is None:
            return False
        self.emitter.guard(self._is_stored(array, storage), leave)
        return True

    def inside_early(self, item: Instruction, array: Aggregate, indices: tuple[Word, Word, Word], start: int) -> bool:
        """Checks that the indices from a lowest one up to a stop, all moved by a distance, are inside."""
        seen, emitter = self.translator.request.words[item.pc + 1], self.emitter
        if seen & NOT_ALL_INSIDE or self._storage(item, array, value(INT, emitter.number(0))) is None:
            return False
        lowest, stop, distance = indices

        def leave() -> None:
            self.translator.leave_noting(start, item.pc + 1, NOT_ALL_INSIDE)

        if distance.constant is None:
            # From here on no sum is too large.
            above = emitter.arithmetic(I64, "add", distance, emitter.number(_FARTHEST))
            emitter.guard(emitter.compare("ult", above, emitter.number(2 * _FARTHEST)), leave)
        first = emitter.arithmetic(I64, "sub", emitter.number(0), distance)
        end = emitter.arithmetic(I64, "sub", self.field(array, "length"), distance)
        emitter.guard(emitter.compare("sge", lowest, first), leave)
        emitter.guard(emitter.compare("sle", stop, end), leave)
        return True

    # -------------------------------------------------------------------------- pieces

    def field(self, array: Aggregate, name: str) -> Word:
        """A field of an array's head."""
        loaded = self.emitter.load(_FIELDS[name].type, self.object_of(array), _FIELDS[name].offset)
        assert isinstance(loaded, Word)
        return loaded

    def _element(self, array: Aggregate, index: Aggregate, storage: int) -> Aggregate:
        emitter = self.emitter
        if storage == _OBJECTS:
            found, _ = emitter.inline(as_low(array_object), [self.object_of(array), index.words[1]])
        else:
            with emitter.knowing(array.words[1], {_FIELDS["flags"].offset: constant_word(U8, storage)}):
                found, _ = emitter.inline(as_low(array_get), [self.object_of(array), index.words[1]])
        assert isinstance(found, Aggregate)
        return found

    def object_of(self, array: Aggregate) -> Word:
        """The address of an array."""
        found, _ = self.emitter.inline(as_low(as_array), [array])
        assert isinstance(found, Word)
        return found

    # ------------------------------------------------------------------------- holders

    def make(self, item: Instruction) -> None:
        if item.c == 0:
            self.operations.set_register(item.a, make_array(self.emitter, ()))
        else:
            self.operations.replay(item)
        self.operations.set_register(item.a, owned(self.operations.register(item.a)))
