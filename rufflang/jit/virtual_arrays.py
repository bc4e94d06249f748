"""Arrays that are not made (`virtuals`): points, complex numbers, small states, returned pairs.

An array literal gives a virtual array if the kinds of its elements are known.  An element at a known index is the
word itself.  At another index, a short array of numbers of one kind gives the right one of its words, and is
written by giving each word its new value or the old one; LLVM finds which it is where a loop over the indices is
unrolled.  Any other array is made before it is indexed.
"""

from __future__ import annotations

from rufflang.bytecode.flow import Instruction
from rufflang.interpreter.feedback import NO_ARRAY, OUTSIDE
from rufflang.jit.making import storage_of
from rufflang.jit.unmade import VirtualWord, array_of
from rufflang.jit.virtual_forms import ArrayForm
from rufflang.jit.virtuals import may_be_parts
from rufflang.jit.words import known_tag, value
from rufflang.lowpy.types import F64, I64
from rufflang.lowpy.values import Aggregate, Word
from rufflang.runtime.values import BOOL, FLOAT, INT

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from rufflang.jit.operations import Operations

MOST_ELEMENTS = 8
"""Elements of a virtual array: longer ones mostly are indexed by what is computed."""
MOST_CHOSEN_FROM = 4
"""Elements of a virtual array that may be indexed by what is computed."""


class VirtualArrays:
    """What the opcodes for arrays do with virtual ones."""

    def __init__(self, operations: Operations) -> None:
        self.operations = operations
        self.translator = operations.translator
        self.emitter = operations.emitter

    def new(self, item: Instruction) -> bool:
        """Translates NEW_ARRAY, if its array can be virtual."""
        if not 0 < item.c <= MOST_ELEMENTS:
            return False
        elements = [self.operations.unmade(number) for number in range(item.b, item.b + item.c)]
        if not may_be_parts(elements) or any(known_tag(element) is None for element in elements):
            return False
        self.operations.set_register(item.a, self.emitter.virtuals.new(ArrayForm(), elements))
        return True

    def length(self, item: Instruction) -> bool:
        """Translates CALL_BUILTIN, if it asks how long a virtual array is."""
        entry = self.translator.request.questions.builtin(item.b)
        if entry is None or entry.name != "len" or item.c != 1:
            return False
        array = array_of(self.operations.known(item.a))
        if array is not None:
            self.operations.set_register(item.a, value(INT, self.emitter.number(len(array.parts))))
        return array is not None

    def get(self, item: Instruction) -> bool:
        """Translates GET_INDEX, if it gives an element of an array that can stay virtual."""
        array, index = array_of(self.operations.known(item.b)), self.operations.known(item.c)
        if array is None:
            return False
        place = _place(array, index)
        if place is None and not self._can_choose(item, array, index):
            return self._settle(array)
        found = self._chosen(array, index.words[1]) if place is None else array.parts[place]
        self.operations.set_register(item.a, found)
        return True

    def set(self, item: Instruction) -> bool:
        """Translates SET_INDEX, if its array can stay virtual."""
        array, index = array_of(self.operations.known(item.a)), self.operations.known(item.b)
        if array is None or self.operations.virtual(item.a) is None:
            return False
        new = self.operations.unmade(item.c)
        written = None if known_tag(new) is None else self._written(item, array, index, new)
        if written is None:
            return self._settle(array)
        self.operations.set_register(item.a, written)
        return True

    def _written(self, item: Instruction, array: VirtualWord, index: Aggregate, new: Aggregate) -> Aggregate | None:
        """The array with another element, if it can be virtual."""
        virtuals, place = self.emitter.virtuals, _place(array, index)
        if place is not None:
            return virtuals.with_part(array, place, new)
        if known_tag(new) != known_tag(array.parts[0]) or not self._can_choose(item, array, index):
            return None
        parts = [self._either(self._is_at(index, at), new, part) for at, part in enumerate(array.parts)]
        return virtuals.value(virtuals.container(array.form, parts, array.places))

    def _settle(self, array: VirtualWord) -> bool:
        """The array is needed in memory, for one of its elements."""
        self.emitter.virtuals.settle(array, self.translator.environment)
        return False

    def taken_apart(self, array: Aggregate, wanted: Sequence[Aggregate], start: int) -> Aggregate:
        """A virtual array like a real one with elements of those kinds; else the loop at `start` is left."""
        arrays, emitter, count = self.operations.arrays, self.emitter, len(wanted)

        def leave() -> None:
            self.translator.side_exit(start)

        elements = arrays.elements(array, storage_of(wanted), count, leave)
        emitter.guard(emitter.compare("eq", arrays.field(array, "length"), emitter.number(count)), leave)
        parts = []
        for element, part in zip(elements, wanted, strict=True):
            emitter.guard(emitter.compare("eq", element.words[0], part.words[0]), leave)
            parts.append(value(part.words[0], element.words[1]))
        return emitter.virtuals.new(ArrayForm(), parts)

    # -------------------------------------------------------------------------- choosing

    def _can_choose(self, item: Instruction, array: VirtualWord, index: Aggregate) -> bool:
        """Whether any element may be meant, all are numbers of one kind, and the index has always been inside.

        If so, what follows is only done if it is this time.
        """
        kinds, seen = {known_tag(part) for part in array.parts}, self.translator.request.words[item.pc + 1]
        if known_tag(index) != INT or index.words[1].constant is not None or seen & (NO_ARRAY | OUTSIDE):
            return False
        if len(array.parts) > MOST_CHOSEN_FROM or len(kinds) > 1 or not kinds <= {INT, FLOAT, BOOL}:
            return False
        is_inside = self.emitter.compare("ult", index.words[1], self.emitter.number(len(array.parts)))
        self.emitter.guard(is_inside, lambda: self.translator.side_exit(item.pc))
        return True

    def _is_at(self, index: Aggregate, place: int) -> Word:
        return self.emitter.compare("eq", index.words[1], self.emitter.number(place))

    def _chosen(self, array: VirtualWord, index: Word) -> Aggregate:
        found = array.parts[-1]
        for place in reversed(range(len(array.parts) - 1)):
            found = self._either(self._is_at(value(INT, index), place), array.parts[place], found)
        return found

    def _either(self, condition: Word, first: Aggregate, second: Aggregate) -> Aggregate:
        """One of two numbers of the same kind."""
        emitter = self.emitter
        if known_tag(first) == FLOAT:
            doubles = [emitter.double_of(item).text for item in (first, second)]
            text = f"select i1 {condition.text}, double {doubles[0]}, double {doubles[1]}"
            return emitter.from_double(emitter.define(F64, text))
        words = [item.words[1].text for item in (first, second)]
        chosen = emitter.define(I64, f"select i1 {condition.text}, i64 {words[0]}, i64 {words[1]}")
        return value(first.words[0], chosen)


def _place(array: VirtualWord, index: Aggregate) -> int | None:
    """Which element is meant, if that is known and there is one."""
    place = index.words[1].constant if known_tag(index) == INT else None
    count = len(array.parts)
    return int(place) % count if place is not None and -count <= place < count else None
