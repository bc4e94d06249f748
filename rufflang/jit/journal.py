"""A record of what the JIT did, for people who want to see it (`rufflang jit`).

Without a journal nothing of this is kept: texts of machine code are large and cost time to make.
"""

from __future__ import annotations

from typing import Any

from rufflang.bytecode.chunk import Chunk
from rufflang.bytecode.flow import Flow, registers_in
from rufflang.jit.code import resume_points
from rufflang.jit.request import CompileRequest, single_kind
from rufflang.records import Record, field


class JournalEntry(Record, frozen=False):
    """One attempt at a function, or at the loop whose header is at `loop`.

    `cause` is one of the causes in `request`: a threshold was met, or a function was recompiled because
    its assumptions failed.  `refusal` is empty if there is code; `request` is missing if the attempt
    ended before anything was translated.
    """

    chunk: Chunk
    cause: str
    loop: int | None = None
    refusal: str = ""
    request: CompileRequest | None = None
    emitted: str = ""
    optimised: str = ""
    assembly: str = ""

    @property
    def line(self) -> int:
        """The source line of the function or loop, 0 where it is not known."""
        position = 0 if self.loop is None else self.loop
        span = self.chunk.span if self.loop is None else None
        if span is None and position < len(self.chunk.spans):
            span = self.chunk.spans[position]
        return 0 if span is None else span.line

    @property
    def frame_kinds(self) -> dict[int, int]:
        """For a loop: the kind tag of each register that its code takes over from the interpreter."""
        request = self.request
        if request is None or request.loop is None:
            return {}
        flow = Flow(request.chunk, request.words, request.loop, request.loop_end)
        wanted = registers_in(flow.all_blocks[flow.first].live_in)
        return {register: request.frame_tags[register] for register in wanted}


    @property
    def resume_kinds(self) -> dict[int, int | None]:
        """For a generator: the kind in which each register goes on that is kept between items; None for any kind."""
        request = self.request
        if request is None or not request.resumes:
            return {}
        flow = Flow(request.chunk, request.words)
        wanted = 0
        for place in resume_points(flow):
            wanted |= flow.all_blocks[place].live_in
        return {register: single_kind(request.parameter_kinds[register]) for register in registers_in(wanted)}


class Journal(Record, frozen=False):
    """Everything the JIT did for one VM, in order."""

    entries: list[JournalEntry] = field(factory=list)

    def begin(self, chunk: Chunk, cause: str, loop: int | None = None) -> None:
        """Notes an attempt."""
        self.entries.append(JournalEntry(chunk, cause, loop))

    def refuse(self, reason: str) -> None:
        """Notes that the attempt in progress gave no code."""
        self.entries[-1].refusal = reason

    def fault(self, chunk: Chunk, cause: str, reason: str) -> None:
        """Notes that the JIT itself failed, perhaps before it could begin an attempt."""
        last = self.entries[-1] if self.entries else None
        if last is None or last.chunk is not chunk or last.request is not None or last.refusal:
            self.begin(chunk, cause)
        self.refuse(reason)

    def keep(self, request: CompileRequest, emitted: str, optimised: Any, machine: Any) -> None:
        """Notes the code of the attempt in progress: the text as emitted, and LLVM's optimised module."""
        entry = self.entries[-1]
        entry.request, entry.emitted, entry.optimised = request, emitted, str(optimised)
        # Generating machine code changes the module that it is given.
        entry.assembly = machine.emit_assembly(machine.parse(entry.optimised))
