"""How deep calls may go: what compiled code asks the VM before it makes any.

`VM.call_limit` is the depth from which on a call has to ask; it is 0 or less when the program is to stop.
Code asks once on each way through a function whether all calls may be made that it makes itself or in
functions which became part of it: what these call asks again, and a loop that calls nothing looks for
reasons to stop by itself.  Where the answer is no, the interpreter goes on, which asks at each call
and so finds the one that is too deep.

Under a fuel limit each call pays; so code made for such a run asks at each.
"""

from __future__ import annotations

from rufflang.bytecode.flow import Instruction
from rufflang.interpreter.departures import FOR_NO_FAULT
from rufflang.jit.emitter import VM_TYPE
from rufflang.jit.hot import DEEPEST_INLINED
from rufflang.lowpy.types import I64
from rufflang.lowpy.values import Word
from rufflang.runtime.values import ERROR

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

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
        deepest = emitter.arithmetic(I64, "add", emitter.depth, further)

        def refused() -> None:
            translator.leave(FOR_NO_FAULT, pc, translator.environment)

        self._ask(emitter.unlikely(self._is_deep(deepest)), "ruff_look_ahead", further, refused)
        emitter.established |= {CALLS_ALLOWED}

    def pay(self, item: Instruction, proto: Word) -> None:
        """Asks for one call of a function, where each has to."""
        if self.translator.request.counts_work:
            self._ask(
                self._is_deep(self.emitter.depth), "ruff_may_call", proto, lambda: self.translator.raised(item)
            )

    def _is_deep(self, depth: Word) -> Word:
        """Whether a call from that depth has to ask."""
        emitter = self.emitter
        place = emitter.address(emitter.vm, VM_TYPE.fields["call_limit"].offset)
        return emitter.compare("sge", depth, emitter.define(I64, f"load volatile i64, ptr {place.text}"))

    def _ask(self, condition: Word, symbol: str, detail: Word, refused: Callable[[], None]) -> None:
        """Under a condition, asks the VM; where it says no, there is what `refused` writes, which ends its block."""
        emitter = self.emitter
        ask, no, fine = emitter.new_label("ask"), emitter.new_label("refused"), emitter.new_label("fine")
        emitter.branch(condition, ask, fine)
        emitter.start(ask)
        emitter.write_headers()
        answer = emitter.call_runtime(symbol, [emitter.vm, emitter.registers, emitter.depth, detail])
        emitter.branch(emitter.compare("eq", answer.words[0], emitter.number(ERROR)), no, fine)
        emitter.start(no)
        refused()
        emitter.start(fine)
