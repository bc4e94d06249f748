"""Counting under a condition: `if x > limit { count += 1 }` in a loop, without a branch.

Which way such a branch goes often follows no rule, and each time that the processor takes the wrong one costs it more
than many additions.  So the constant or zero is added, as the condition says, unless finding that out takes branches.
Then each round has to wait for the condition and for the count of the round before, which does no harm as long as
nothing in the loop waits for the count.
"""

from __future__ import annotations

from rufflang.bytecode.flow import Instruction
from rufflang.interpreter.table import meaning_of
from rufflang.jit.request import register_name
from rufflang.jit.words import known_tag, value
from rufflang.lowpy.types import I64
from rufflang.lowpy.values import Aggregate, Word
from rufflang.runtime.values import INT

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.jit.operations import Operations

_STEPS = ("ADD_IMM", "SUB_IMM")


class Counting:
    """Conditional jumps over nothing but one step of a counter."""

    def __init__(self, operations: Operations) -> None:
        self.operations = operations
        self.translator = operations.translator
        self.flow = operations.translator.flow

    def count(self, item: Instruction, is_skipped: Word) -> bool:
        """Translates a conditional jump along with the step it leads over, and ends the block; False: it is no such."""
        step = self._step(item)
        if step is None:
            return False
        emitter, operations, meaning = self.translator.emitter, self.operations, meaning_of(step.name)
        vm, counter, constant = operations.arguments(step, meaning)
        assert isinstance(constant, Aggregate)
        added = emitter.define(I64, f"select i1 {is_skipped.text}, i64 0, i64 {constant.words[1].text}")
        counted, raises = emitter.inline(meaning, [vm, counter, value(INT, added)])
        self.translator.landed_raises(step, raises)
        assert isinstance(counted, Aggregate)
        operations.set_register(step.a, counted)
        self.translator.follow(step.next)
        return True

    def _step(self, item: Instruction) -> Instruction | None:
        """The step of an int that is all the jump leads over, if the loop does not wait for the counter."""
        block = self.flow.blocks.get(item.next)
        if block is None or len(block.instructions) != 1 or self.translator.places.are_wanted:
            return None
        if self.translator.emitter.block != self.operations.began_in:
            return None
        step = block.last
        if step.name not in _STEPS or step.a != step.b or step.next != item.target:
            return None
        counter = self.translator.environment.get(register_name(step.a))
        if counter is None or known_tag(counter) != INT or self._is_reached_otherwise(item.next):
            return None
        return None if self._is_waited_for(step) else step

    def _is_reached_otherwise(self, pc: int) -> bool:
        return sum(pc in block.successors for block in self.flow.all_blocks.values()) > 1

    def _is_waited_for(self, step: Instruction) -> bool:
        """Whether anything in the loop around a step but such steps looks at the counter; or there is no loop."""
        loops = [(head, end) for head, end in self.flow.loop_ends.items() if head <= step.pc < end]
        if not loops:
            return True
        head, end = max(loops)
        return any(
            self.flow.effects[pc].reads >> step.a & 1 and (item.name not in _STEPS or item.a != item.b)
            for pc, item in self.flow.instructions.items() if head <= pc < end
        )  # fmt: skip
