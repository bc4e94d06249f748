"""Jumps backwards: where compiled code looks whether the program is to stop.

`VM.interrupt` is not 0 when there is a reason, and the interpreter, which goes on then, deals with it.
A loop looks at it in every round, or, where a round has called nothing in the runtime and passed through no other
loop, counts such rounds and looks once in QUIET_ROUNDS: that many take microseconds.

Under a fuel limit each round pays, and in a profiled run each may be sampled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rufflang.bytecode.flow import Instruction
from rufflang.jit.emitter import VM_TYPE
from rufflang.lowpy.types import I64
from rufflang.lowpy.values import Word
from rufflang.runtime.vm import STOP_FUEL

if TYPE_CHECKING:
    from rufflang.jit.translator import Translator

QUIET_ROUNDS = 1024


class Polling:
    """Writes the safepoints for one attempt at a translation."""

    def __init__(self, translator: Translator) -> None:
        self.translator = translator
        self.emitter = translator.emitter

    def jump_back(self, item: Instruction) -> None:
        """LOOP: looks for reasons to stop, then goes on in the next round."""
        translator = self.translator
        assert item.target is not None
        head = translator.loops.head_of(item.target)
        rounds: Word | None = None
        in_each_round = translator.request.counts_work or translator.places.are_wanted
        if head is not None and self.emitter.is_quiet(head.label) and not in_each_round:
            rounds = self._count(item, head.rounds)
        else:
            self._look(item)
        if head is not None:
            head.rounds_left = self.emitter.number(QUIET_ROUNDS) if rounds is None else rounds
        translator.follow(item.target)

    def _count(self, item: Instruction, rounds: Word) -> Word:
        """Counts a round, and looks for reasons when enough have passed; gives how many are left."""
        emitter = self.emitter
        left = emitter.arithmetic(I64, "sub", rounds, emitter.number(1))
        enough, more = emitter.new_label("enough"), emitter.new_label("more")
        before = emitter.block
        emitter.branch(emitter.unlikely(emitter.compare("eq", left, emitter.number(0))), enough, more)
        emitter.start(enough)
        self._look(item)
        looked = emitter.block
        emitter.jump(more)
        emitter.start(more)
        assert before is not None and looked is not None
        counted = emitter.phi([(left, before), (emitter.number(QUIET_ROUNDS), looked)])
        assert isinstance(counted, Word)
        return counted

    def _look(self, item: Instruction) -> None:
        """Leaves for the interpreter if there is a reason to."""
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
        translator.leave("ruff_leave" if translator.is_loop else "ruff_go_on", item.pc, translator.environment)
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
