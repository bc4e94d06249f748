"""Jumps backwards: where compiled code looks whether the program is to stop.

`VM.interrupt` is not 0 when there is a reason, and the interpreter, which goes on then, deals with it.
A loop looks at it in every round, or, where a round has called nothing in the runtime and passed through no other
loop, counts such rounds and looks once in `loop_heads.STRIP_ROUNDS`: that many take microseconds.

Under a fuel limit each round pays, and in a profiled run each may be sampled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rufflang.bytecode.flow import Instruction
from rufflang.jit.emitter import VM_TYPE
from rufflang.jit.loop_heads import Turn
from rufflang.lowpy.types import I64
from rufflang.lowpy.values import Word
from rufflang.runtime.vm import STOP_FUEL

if TYPE_CHECKING:
    from rufflang.jit.translator import Translator


class Polling:
    """Writes the safepoints for one attempt at a translation."""

    def __init__(self, translator: Translator) -> None:
        self.translator = translator
        self.emitter = translator.emitter

    def jump_back(self, item: Instruction) -> None:
        """LOOP: looks for reasons to stop, unless that can wait, then goes on in the next round."""
        translator = self.translator
        assert item.target is not None
        head = translator.loops.head_of(item.target)
        in_each_round = translator.request.counts_work or translator.places.are_wanted
        looks = head is None or in_each_round or not self.emitter.is_quiet(head.label)
        if looks:
            self.look(item.pc)
        if head is not None:
            head.turn = Turn.LOOKED if looks else Turn.QUIET
        translator.follow(item.target)

    def look(self, pc: int) -> None:
        """Leaves for the interpreter, which goes on at `pc`, if there is a reason to."""
        emitter, translator = self.emitter, self.translator
        place = emitter.address(emitter.vm, VM_TYPE.fields["interrupt"].offset)
        request = emitter.define(I64, f"load volatile i64, ptr {place.text}")
        nothing = STOP_FUEL if translator.request.counts_work else 0
        stop, go = emitter.new_label("stop"), emitter.new_label("go")
        asked = emitter.new_label("asked") if translator.places.are_wanted else stop
        emitter.branch(emitter.unlikely(emitter.compare("ne", request, emitter.number(nothing))), asked, go)
        if asked != stop:
            emitter.start(asked)
            translator.places.answer_request(stop, go)
        emitter.start(stop)
        translator.leave("ruff_leave" if translator.is_loop else "ruff_go_on", pc, translator.environment)
        emitter.start(go)
        if translator.request.counts_work:
            self._pay(stop)

    def _pay(self, stop: str) -> None:
        """Takes a unit of fuel; when there is none, leaves without, since the interpreter will ask for it."""
        emitter = self.emitter
        offset = VM_TYPE.fields["fuel"].offset
        fuel = emitter.load(I64, emitter.vm, offset)
        assert isinstance(fuel, Word)
        paid = emitter.new_label("paid")
        emitter.branch(emitter.unlikely(emitter.compare("slt", fuel, emitter.number(1))), stop, paid)
        emitter.start(paid)
        emitter.store(emitter.vm, offset, emitter.arithmetic(I64, "sub", fuel, emitter.number(1)))
