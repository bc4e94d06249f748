"""Handlers without a frame: what an opcode mostly does, as far as it can be done without a call.

A function that may call something has to save registers and to keep what it needs afterwards in those that survive
calls; LLVM does that on every way through a handler, even if calls are rare.  So a handler is written twice, from
the same meaning.  The first has no calls: where there would be one it leaves, by a tail call, for the second,
which is complete and begins the instruction anew.  It may do so as long as nothing was written that a second
beginning would see; after that, calls stay calls.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rufflang.interpreter.calling import put_callee
from rufflang.interpreter.feedback import record_access, record_asking, record_kind, record_storage
from rufflang.lowpy import ir
from rufflang.lowpy.emitter import Activation, Edge, Emitter
from rufflang.lowpy.emitter_blocks import undefined
from rufflang.lowpy.function import LowFunction
from rufflang.lowpy.module import ModuleText
from rufflang.lowpy.values import SsaValue, Word
from rufflang.records import Record

_NOTES = (put_callee, record_access, record_asking, record_kind, record_storage)
"""What writes, but may as well be done twice."""
_WRITING = ("copy_memory", "move_memory", "fill_memory", "spill_registers", "call_pointer")
"""Intrinsics that write memory, or may."""


class Untouched(Record):
    """Among what is established: the instruction may begin anew."""


class FramelessEmitter(Emitter):
    """Writes a function in which leaving takes the place of the first call on each way.

    `leave` gives the lines that do so; its argument is a name for what they compute.
    """

    def __init__(self, module: ModuleText, leave: Callable[[str], Sequence[str]]) -> None:
        super().__init__(module)
        self._leave = leave
        self.has_left = False

    def begin(self, header: str) -> None:
        super().begin(header)
        self.established |= {Untouched()}

    def call(self, function: LowFunction, arguments: Sequence[SsaValue]) -> SsaValue:
        if Untouched() not in self.established:
            return super().call(function, arguments)
        if self.block is not None:
            self.has_left = True
            for line in self._leave(self.fresh()):
                self.line(line)
            self.block = None
        return undefined(function.signature.result)

    def inline(self, function: LowFunction, arguments: Sequence[SsaValue]) -> tuple[SsaValue | None, list[Edge]]:
        before = self.established
        result = super().inline(function, arguments)
        if function in _NOTES and self.block is not None:
            self.established |= before & {Untouched()}
        return result

    def store(self, base: Word, byte_offset: int, value: SsaValue) -> None:
        super().store(base, byte_offset, value)
        self._touch()

    def start_loop(self, label: str) -> None:
        """A loop's body may have been run before, so that what it writes counts from its beginning."""
        super().start_loop(label)
        self._touch()

    def expression(self, node: ir.Expression, activation: Activation) -> SsaValue:
        result = super().expression(node, activation)
        if isinstance(node, ir.Intrinsic) and node.name in _WRITING:
            self._touch()
        return result

    def _touch(self) -> None:
        self.established -= {Untouched()}
