"""How deep calls may go: what compiled code asks the VM before it makes any.

`VM.call_limit` is the depth from which on a call has to ask; it is 0 or less when the program is to stop.
Code asks once on each way through a function whether all calls may be made that it makes itself or in
functions which became part of it: what these call asks again, and a loop that calls nothing looks for
reasons to stop by itself.  Where the answer is no, the interpreter goes on, which asks at each call
and so finds the one that is too deep.

Under a fuel limit each call pays; so code made for such a run asks at each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rufflang.bytecode.flow import Instruction
from rufflang.jit.emitter import VM_TYPE
from rufflang.jit.hot import DEEPEST_INLINED
from rufflang.lowpy.types import I64
from rufflang.lowpy.values import Word
from rufflang.runtime.values import ERROR

if TYPE_CHECKING:
    from rufflang.jit.translator import Translator

CALLS_ALLOWED = "calls are allowed"
"""Among what is established: that calls may be made as deep as inlining goes."""


class CallDepth:
    """Writes the questions for one attempt at a translation."""

    def __init__(self, translator: Translator) -> None:
        self.translator = translator
        self.emitter = translator.emitter

    def allow_calls(self, pc: int) -> None:
        """Makes sure that calls may be made from here on; else the interpreter goes on at `pc`."""
        emitter, translator = self.emitter, self.translator
        if translator.request.counts_work or CALLS_ALLOWED in emitter.established:
            return
        further = emitter.number(DEEPEST_INLINED)
        deep, refused, fine = emitter.new_label("deep"), emitter.new_label("refused"), emitter.new_label("fine")
        reached = emitter.compare("sge", emitter.arithmetic(I64, "add", emitter.depth, further), self._limit())
        emitter.branch(emitter.unlikely(reached), deep, fine)
        emitter.start(deep)
        emitter.write_headers()
        arguments = [emitter.vm, emitter.registers, emitter.depth, further]
        answer = emitter.call_runtime("ruff_look_ahead", arguments)
        emitter.branch(emitter.compare("eq", answer.words[0], emitter.number(ERROR)), refused, fine)
        emitter.start(refused)
        translator.leave("ruff_leave" if translator.is_loop else "ruff_go_on", pc, translator.environment)
        emitter.start(fine)
        emitter.established |= {CALLS_ALLOWED}

    def pay(self, item: Instruction, proto: Word) -> None:
        """Asks for one call of a function, where each has to."""
        emitter = self.emitter
        if not self.translator.request.counts_work:
            return
        deep, refused, fine = emitter.new_label("deep"), emitter.new_label("refused"), emitter.new_label("fine")
        emitter.branch(emitter.compare("sge", emitter.depth, self._limit()), deep, fine)
        emitter.start(deep)
        emitter.write_headers()
        arguments = [emitter.vm, emitter.registers, emitter.depth, proto]
        allowed = emitter.call_runtime("ruff_may_call", arguments)
        emitter.branch(emitter.compare("eq", allowed.words[0], emitter.number(ERROR)), refused, fine)
        emitter.start(refused)
        self.translator.raised(item)
        emitter.start(fine)

    def _limit(self) -> Word:
        place = self.emitter.address(self.emitter.vm, VM_TYPE.fields["call_limit"].offset)
        return self.emitter.define(I64, f"load volatile i64, ptr {place.text}")
