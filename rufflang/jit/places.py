"""Where compiled code is, for whoever profiles the program.

Code made for a profiled run stores its place in `VM.position` (see `runtime.profile`) whenever its
source line changes, and before a builtin is called.  Nothing reads that word in time, so the stores
wait for nothing and keep nothing waiting; but in the shortest loops each of them can be felt.  So none
is made where all ways lead here from the same line, for the step of a counting loop, and for the
few short instructions that may follow a call on its line.
"""

from __future__ import annotations

from rufflang.bytecode.flow import Instruction
from rufflang.jit.code import may_call
from rufflang.jit.emitter import VM_TYPE
from rufflang.runtime.values import ERROR

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.jit.translator import Translator

_POSITION = VM_TYPE.fields["position"].offset
_CALLS = {"CALL", "CALL_METHOD", "YIELD"}
_STEPS = {"RANGE_NEXT", "LOOP", "JUMP"}
_SHORT = {
    *_STEPS, *_CALLS, "MOVE", "LOAD_INT", "LOAD_CONST", "LOAD_NULL", "LOAD_TRUE", "LOAD_FALSE", "GET_GLOBAL", "ADD",
    "SUB", "MUL", "DIV", "MOD", "ADD_IMM", "SUB_IMM", "NEG", "NOT", "EQ", "NE", "LT", "LE", "GT", "GE", "JUMP_IF",
    "JUMP_IF_NOT", "GET_INDEX", "GET_FIELD", "RETURN",
}  # fmt: skip

Noted = tuple[int, bool, int]
"""A line, whether a builtin is called there, and where the instruction is."""


class PlaceNotes:
    """Adds the stores to a translation; does nothing unless the run is profiled."""

    def __init__(self, translator: Translator) -> None:
        self._translator = translator
        self._lines = translator.request.lines
        self._noted: Noted | None = None
        self._called_on = 0
        self._incoming: dict[int, set[Noted | None]] = {}
        self._at_heads: dict[int, Noted | None] = {}

    @property
    def are_wanted(self) -> bool:
        """Whether the run is profiled."""
        return self._lines is not None

    def leave_for(self, pc: int) -> None:
        """A block ends that goes on at `pc`."""
        self._incoming.setdefault(pc, set()).add(self._noted)

    def begin_block(self, first: Instruction, is_head: bool) -> None:
        """A block begins; what repeats it comes back with the same place noted."""
        states = self._incoming.pop(first.pc, {None})
        self._noted = states.pop() if len(states) == 1 else None
        self._called_on = 0
        if is_head:
            self.note(self._first_in_body(first))
            self._at_heads[first.pc] = self._noted

    def begin_again(self, head: int) -> None:
        """The loop at this head begins, in another form."""
        self._noted, self._called_on = self._at_heads[head], 0

    def _first_in_body(self, first: Instruction) -> Instruction:
        """What a loop begins with, apart from its step."""
        body = self._translator.flow.blocks.get(first.next)
        return body.instructions[0] if first.name in _STEPS and body is not None else first

    def jump_back(self, pc: int) -> None:
        """A block ends that goes on at the head of a loop."""
        wanted = self._at_heads[pc]
        if wanted is not None and wanted != self._noted:
            self._store(wanted)

    def note(self, item: Instruction) -> None:
        """The instruction is about to be translated."""
        if self._lines is None or item.name in _STEPS:
            return
        line = self._lines[item.pc]
        if line != self._called_on or item.name not in _SHORT:
            is_builtin = item.name in ("CALL_BUILTIN", "TAKE_APART")
            if self._noted is None or (line, is_builtin) != self._noted[:2] or is_builtin:
                self._store((line, is_builtin, item.pc))
            self._called_on = line if is_builtin else 0
        if item.name in _CALLS or may_call(item, self._translator.request.words):
            # What is called notes places of its own.
            self._noted, self._called_on = None, line

    def _store(self, place: Noted) -> None:
        emitter = self._translator.emitter
        address = emitter.address(emitter.vm, _POSITION)
        position = ~(self._translator.request.number << 32 | place[2])
        emitter.line(f"store volatile i64 {position}, ptr {address.text}")
        self._noted = place

    def answer_request(self, stop: str, go: str) -> None:
        """Ends the block in which `VM.interrupt` was found set: perhaps only a sample is wanted."""
        emitter = self._translator.emitter
        emitter.publish()
        answer = emitter.call_runtime("ruff_answer", [emitter.vm])
        emitter.branch(emitter.compare("eq", answer.words[0], emitter.number(ERROR)), stop, go)
