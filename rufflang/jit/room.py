"""Room for what a loop is going to append to an array: `for x in xs { ys := push(ys, f(x)) }`.

An array that grows by itself is moved each time it is full.  Where each round of a loop appends, and it is known
how many rounds there will be, the array gets room for all of them in front of the first one.
"""

from __future__ import annotations

from rufflang.bytecode.flow import Instruction
from rufflang.jit.request import register_name
from rufflang.jit.unmade import virtual_of
from rufflang.jit.words import known_tag
from rufflang.lowpy.function import as_low
from rufflang.lowpy.types import I64
from rufflang.lowpy.values import Aggregate, Word, words_of
from rufflang.runtime.arrays import array_expect
from rufflang.runtime.values import ARRAY

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.jit.loops import Loops

_FEW = 4
"""So many elements an array gets room for with the first of them."""
_WAITING = {"YIELD", "AWAIT"}


class Room:
    """Has arrays get room in front of loops."""

    def __init__(self, loops: Loops) -> None:
        self.loops = loops
        self.translator = loops.translator

    def make(self, start: int) -> None:
        """In front of the first round of a loop, which is sure to take place."""
        pushed = self._pushed(start)
        rounds = self._rounds(start) if pushed and self._goes_on(start) else None
        if rounds is None or (rounds.constant is not None and rounds.constant <= _FEW):
            return
        emitter = self.translator.emitter
        for number, times in pushed.items():
            current = self.translator.environment.get(register_name(number))
            if current is None or known_tag(current) != ARRAY or virtual_of(current) is not None:
                continue
            assert isinstance(current, Aggregate)
            array = self.translator.operations.arrays.object_of(current)
            more = rounds if times == 1 else emitter.arithmetic(I64, "mul", rounds, emitter.number(times))
            emitter.call(as_low(array_expect), [emitter.vm, array, more])

    def _pushed(self, start: int) -> dict[int, int]:
        """Registers whose array gets elements by `push` in every round, and how many; nothing else changes it."""
        ownership = self.translator.ownership
        effects, found, moved = self.translator.flow.effects, dict[int, int](), dict[int, int]()
        changed = 0
        pushed: int | None = None
        for item, is_certain in self.loops.hoisting.instructions(start):
            if item.name == "MOVE" and pushed == item.b and moved.get(item.b) == item.a:
                found[item.a] = found.get(item.a, 0) + 1
            elif item.name != "OWN":
                changed |= effects[item.pc].writes
            if item.name == "MOVE":
                moved[item.a] = item.b
            pushed = item.a if is_certain and ownership.gives_array(item, ("push",)) else None
        return {number: times for number, times in found.items() if not changed >> number & 1}

    def _goes_on(self, start: int) -> bool:
        """Whether the loop is over when its test says so, and not before."""
        first, end, flow = self.loops.starts[start], self.loops.end_of(start), self.translator.flow
        for pc, block in flow.blocks.items():
            if first < pc < end:
                is_left = not all(first <= following < end for following in block.successors)
                if is_left or not block.successors or any(item.name in _WAITING for item in block.instructions):
                    return False
        return True

    def _rounds(self, start: int) -> Word | None:
        """How many rounds there will be, with the first one; None where that is not known."""
        test = self.loops.flow.blocks[self.loops.starts[start]].last
        if test.name == "RANGE_NEXT":
            return self._range_rounds(test)
        return self._array_rounds(test) if test.name == "FOR_NEXT" else None

    def _range_rounds(self, test: Instruction) -> Word | None:
        """Those of a loop over a range by ones: from the item that has just been taken up to the stop."""
        environment, emitter = self.translator.environment, self.translator.emitter
        stop, step, item = (environment.get(register_name(test.a + place)) for place in (1, 2, 3))
        if stop is None or step is None or item is None or words_of(step)[1].constant != 1:
            return None
        return emitter.arithmetic(I64, "sub", words_of(stop)[1], words_of(item)[1])

    def _array_rounds(self, test: Instruction) -> Word | None:
        """Those of a loop over an array, whose first element has just been taken."""
        emitter = self.translator.emitter
        array, position = (self.translator.environment.get(register_name(test.a + place)) for place in (0, 1))
        if array is None or position is None or known_tag(array) != ARRAY or virtual_of(array) is not None:
            return None
        assert isinstance(array, Aggregate)
        length = self.translator.operations.arrays.field(array, "length")
        rest = emitter.arithmetic(I64, "sub", length, words_of(position)[1])
        return emitter.arithmetic(I64, "add", rest, emitter.number(1))
