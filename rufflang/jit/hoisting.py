"""What accesses to arrays in a loop need not do in every round.

A container in a register changes only where it is written through that register.  So what the first instructions of
a loop's body find in an array that the loop does not write is the same in every round, and it can be found
before the first one, which is sure to take place.  Where the index counts up to a known end, all indices can
be compared with the length at once.  If anything is not as expected, the interpreter takes the loop over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rufflang.bytecode.flow import Block, Instruction, registers_in, signed
from rufflang.jit.lookalikes import ACCESSES, Lookalikes
from rufflang.jit.request import register_name
from rufflang.lowpy.emitter import Environment
from rufflang.lowpy.values import Aggregate, SsaValue, Word

if TYPE_CHECKING:
    from rufflang.jit.loops import Loops


class Hoisting:
    """What has been found out about the accesses in the loops that are open."""

    def __init__(self, loops: Loops) -> None:
        self.loops = loops
        self.translator = loops.translator
        self.elements: dict[int, Aggregate] = {}
        """What instructions would find."""
        self.stored: set[int] = set()
        """Accesses to arrays that certainly are stored as expected."""
        self.inside: set[int] = set()
        """Accesses whose index certainly is inside."""
        self.lookalikes = Lookalikes(self)

    def open(self, start: int, block: Block) -> None:
        """Looks at the first instructions of a loop's body, in front of its head."""
        first, end = self.loops.starts[start], self.loops.end_of(start)
        flow = self.translator.flow
        environment = dict(self.translator.environment)
        written = flow.written_between(first, end)
        unchanged = {name: item for name, item in environment.items() if not written >> int(name[1:]) & 1}
        counted = self._counter(first)
        self.lookalikes.open(first, end, written, environment)
        for item in block.instructions:
            array, index = self._operands(item, unchanged)
            if array is not None and index is not None and item.name == "GET_INDEX":
                self._find(item, array, index, start, unchanged)
                continue
            if array is not None and item.name == "GET_INDEX":
                self._check_storage(item, array, start)
            self._check_range(item, start, counted, unchanged)
            for number in registers_in(flow.effects[item.pc].writes):
                unchanged.pop(register_name(number), None)
                counted.pop(number, None)
            if item.name in ("ADD_IMM", "SUB_IMM") and item.b in counted:
                distance = signed(item.c, 16)
                counted[item.a] = counted[item.b] + (distance if item.name == "ADD_IMM" else -distance)

    def close(self, start: int, block: Block) -> None:
        """Forgets about a loop."""
        self.lookalikes.close(self.loops.starts[start])
        for item in block.instructions:
            self.elements.pop(item.pc, None)
            self.stored.discard(item.pc)
            self.inside.discard(item.pc)

    def _operands(self, item: Instruction, unchanged: Environment) -> tuple[Aggregate | None, Aggregate | None]:
        fields = ACCESSES.get(item.name)
        if fields is None:
            return None, None
        array, index = (unchanged.get(register_name(getattr(item, field))) for field in fields)
        assert not (isinstance(array, Word) or isinstance(index, Word))
        return array, index

    def _find(self, item: Instruction, array: Aggregate, index: Aggregate, start: int, unchanged: Environment) -> None:
        """Takes an element that is the same in every round."""
        translator = self.translator
        found = translator.operations.arrays.early(item, array, index, lambda: translator.side_exit(start))
        unchanged.pop(register_name(item.a), None)
        if found is not None:
            self.elements[item.pc] = found
            unchanged[register_name(item.a)] = found

    def _check_storage(self, item: Instruction, array: Aggregate, start: int) -> None:
        translator = self.translator
        if translator.operations.arrays.stored_early(item, array, lambda: translator.side_exit(start)):
            self.stored.add(item.pc)

    # ------------------------------------------------------------------------- ranges

    def _counter(self, first: int) -> dict[int, int]:
        """The register that counts the loop's rounds, by ones, with the distance 0."""
        test = self.loops.flow.blocks[first].last
        step = self.translator.environment.get(register_name(test.a + 2))
        if test.name != "RANGE_NEXT" or not isinstance(step, Aggregate) or step.words[1].constant != 1:
            return {}
        return {test.a + 3: 0}

    def _check_range(self, item: Instruction, start: int, counted: dict[int, int], unchanged: Environment) -> None:
        """Compares all indices of an access with the length, which does not change unless the register does."""
        fields = ACCESSES.get(item.name)
        if fields is None or getattr(item, fields[1]) not in counted:
            return
        array = unchanged.get(register_name(getattr(item, fields[0])))
        if array is None:
            array = self._owned(getattr(item, fields[0]), start)
        test = self.loops.flow.blocks[self.loops.starts[start]].last
        lowest, stop = (self.translator.environment.get(register_name(test.a + place)) for place in (3, 1))
        distance = counted[getattr(item, fields[1])]
        arrays = self.translator.operations.arrays
        if not isinstance(array, Aggregate) or not isinstance(lowest, Aggregate) or not isinstance(stop, Aggregate):
            return
        if arrays.inside_early(item, array, (lowest.words[1], stop.words[1], distance), start):
            self.inside.add(item.pc)

    def _owned(self, number: int, start: int) -> SsaValue | None:
        """The array in a register that the loop writes element by element, which does not change its length."""
        first, end = self.loops.starts[start], self.loops.end_of(start)
        if not self.translator.ownership.is_owned(number):
            return None
        if self.loops.flow.written_between(first, end, {"OWN"}) >> number & 1:
            return None
        return self.translator.environment[register_name(number)]
