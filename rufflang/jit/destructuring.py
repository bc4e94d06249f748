"""Taking arrays apart: `[quotient, rest] := divided(a, b)`.

Where the call is inlined and the array is made only to be returned, what the function puts into it goes straight to the
caller's variables.  The array would be made by the instruction before the return, and taken apart by the one
behind the call.  Nothing in between can leave, so nobody ever needs it.  Where one of the returns gives something else,
that is dropped, and the translation starts again.

Long functions are called, and so are those that call themselves, sooner or later.  If all that such a function returns
is arrays of one length, made for that, and some call takes them apart, its code returns them *in pieces*: it leaves the
elements where its frame begins, and says so (PIECES).  Whoever needs an array makes one of them.

Other arrays are expected to be as long, stored as, and with elements of the kinds that the interpreter has met.
"""

from __future__ import annotations

from rufflang.bytecode.flow import Instruction
from rufflang.interpreter.feedback import NOTED_PIECES
from rufflang.jit.making import make_of_pieces, put_together
from rufflang.jit.request import register_name
from rufflang.jit.unmade import PartsWord, array_of, parts_of
from rufflang.jit.words import VALUE, known_tag, value
from rufflang.lowpy.emitter import Edge
from rufflang.lowpy.values import Aggregate, Word
from rufflang.runtime.values import ARRAY, PIECES

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from rufflang.jit.operations import Operations


class Destructuring:
    """DESTRUCTURE_ARRAY, and NEW_ARRAY where its array is taken apart by a caller."""

    def __init__(self, operations: Operations) -> None:
        self.operations = operations
        self.translator = operations.translator
        self.emitter = operations.emitter

    def wanted_of(self, call: Instruction) -> int | None:
        """Into how many parts the result of a call is taken at once, for nobody else to see it."""
        translator, flow = self.translator, self.translator.flow
        following = flow.instructions.get(call.next)
        if following is None or following.pc in flow.all_blocks:
            return None
        if (translator.path, call.pc) in translator.dropped.parts:
            return None
        if following.name == "RETURN" and following.a == call.a:
            return translator.wanted_parts
        if following.name != "DESTRUCTURE_ARRAY" or following.b != call.a or following.c & 1:
            return None
        is_seen = flow.live_at(following.next) >> call.a & 1 or call.a in self._registers(following)
        return None if is_seen else following.c >> 1

    def make(self, item: Instruction) -> bool:
        """Translates NEW_ARRAY if its array is returned at once, and taken apart."""
        if not self.are_returned(item):
            return False
        parts = [self.operations.register(number) for number in range(item.b, item.b + item.c)]
        self.operations.set_register(item.a, self._unmade(parts))
        return True

    def _unmade(self, parts: Sequence[Aggregate]) -> Aggregate:
        """An array that is never made."""
        prepared = [self.emitter.prepared(part) for part in parts]
        known = tuple(part for part in prepared if isinstance(part, Aggregate))
        return value(ARRAY, PartsWord(self.emitter.fresh("parts"), known))

    def are_returned(self, item: Instruction) -> bool:
        """Whether the elements of NEW_ARRAY go to the caller, who wants that many."""
        flow, wanted = self.translator.flow, self.translator.wanted_parts
        following = flow.instructions.get(item.next)
        if wanted is None or item.c != wanted or following is None or following.pc in flow.all_blocks:
            return False
        return following.name == "RETURN" and following.a == item.a

    def take_apart(self, item: Instruction) -> None:
        """Translates DESTRUCTURE_ARRAY."""
        array = self.operations.known(item.b)
        parts, virtual, count = parts_of(array), array_of(array), item.c >> 1
        if parts is not None:
            self.operations.forget(1 << item.b)
            found: Sequence[Aggregate] | None = parts.parts
        elif virtual is not None and not item.c & 1 and count <= len(virtual.parts):
            found = virtual.parts[:count]
        else:
            found = self._pieces(item)
        if found is None:
            self.operations.replay(item)
            return
        for number, part in zip(self._registers(item), found, strict=True):
            self.operations.set_register(number, part)

    def _pieces(self, item: Instruction) -> Sequence[Aggregate] | None:
        """The elements of a real array; None if it may be anything."""
        array, count = self.operations.register(item.b), item.c >> 1
        if item.c & 1 or count > NOTED_PIECES or known_tag(array) not in (ARRAY, None):
            return None
        return self.operations.arrays.pieces(item, value(ARRAY, array.words[1]), array.words[0], count)

    def returned(self, call: Instruction, count: int, frame: Word, result: Aggregate) -> Aggregate:
        """What a call gives of a function that returns an array in so many pieces, in its frame."""
        emitter, translator = self.emitter, self.translator
        if self.wanted_of(call) != count:
            return put_together(emitter, result, frame, count)
        is_apart = emitter.compare("eq", result.words[0], emitter.number(PIECES))
        emitter.guard(is_apart, lambda: translator.leave_behind(call, result))
        following = translator.flow.instructions[call.next]
        seen = translator.request.words[following.pc + 1] if following.name == "DESTRUCTURE_ARRAY" else 0

        def leave() -> None:
            translator.leave_behind(call, make_of_pieces(emitter, frame, count))

        pieces = []
        for index in range(count):
            piece = emitter.load(VALUE, frame, 16 * index)
            assert isinstance(piece, Aggregate)
            pieces.append(self.operations.arrays.expected_piece(piece, seen, index, leave))
        return self._unmade(pieces)

    def taken_from(self, call: Instruction, result: Aggregate) -> list[Edge]:
        """The way on which the slow call gives parts, too, if it is known how the array will be taken apart.

        It is taken as long as the function called has no code yet.
        """
        translator, following = self.translator, self.translator.flow.instructions[call.next]
        parts = None
        if following.name == "DESTRUCTURE_ARRAY":
            translator.check_error(call, result)
            before = translator.environment
            translator.environment = {**before, register_name(call.a): result}
            array = value(ARRAY, result.words[1])
            parts = self.operations.arrays.pieces(following, array, result.words[0], following.c >> 1)
            translator.environment = before
        if parts is None:
            translator.leave_behind(call, result)
            return []
        given = self._unmade(parts)
        return [Edge(self.emitter.leave(), {}, given)]

    def agree(self, call: Instruction, edges: list[Edge]) -> bool:
        """Whether a call gives parts; if only some of the edges on which it returns do, that is dropped."""
        are_parts = [edge.value is not None and parts_of(edge.value) is not None for edge in edges]
        if any(are_parts) and not all(are_parts):
            self.translator.dropped.parts.add((self.translator.path, call.pc))
            self.translator.root.again = True
            for edge in edges:
                edge.value = value(ARRAY, self.emitter.number(0))
            return False
        return any(are_parts)

    @staticmethod
    def _registers(item: Instruction) -> range:
        return range(item.a, item.a + (item.c >> 1))
