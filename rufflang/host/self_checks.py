"""The host's part of the VM's checks of itself (`runtime.frame_checks`): liveness, and the report.

Imported only if `RUFFLANG_JIT_CHECK` is set.
"""

from __future__ import annotations

import ctypes
import os
import sys

from rufflang.foreign import Int64, Pointer, address_of, callback_type
from rufflang.host.loaded_chunks import LoadedChunks
from rufflang.host.native import NativeFunctions

# Type checkers take this for true; importing `typing` to say so would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.bytecode.flow import Flow

CHECK_CALLBACK = callback_type((None, (Pointer, Int64, Int64, Pointer)))
FAULT_EXIT_CODE = 6
_DETAILS = Int64 * 5


class SelfChecks:
    """Lets one VM check itself."""

    def __init__(self, functions: NativeFunctions, vm: int, chunks: LoadedChunks) -> None:
        self._functions = functions
        self._vm = vm
        self._chunks = chunks
        self._flows: dict[int, Flow] = {}
        self._liveness = CHECK_CALLBACK(self._on_liveness)
        self._violation = CHECK_CALLBACK(self._on_violation)
        functions.ruff_check_itself(
            vm, address_of(self._liveness), address_of(self._violation)
        )

    def _flow(self, chunk_index: int) -> Flow:
        from rufflang.bytecode.flow import Flow

        if chunk_index not in self._flows:
            loaded = self._chunks[chunk_index]
            self._flows[chunk_index] = Flow(loaded.chunk, loaded.code)
        return self._flows[chunk_index]

    def _on_liveness(self, vm: int, chunk_index: int, index: int, address: int) -> None:
        """Writes a bit for each register that the chunk wants before code word `index`."""
        chunk = self._chunks[chunk_index].chunk
        size = 8 * (chunk.register_count // 64 + 1)
        ctypes.memmove(address, self._flow(chunk_index).live_at(index).to_bytes(size, "little"), size)

    def _on_violation(self, vm: int, chunk_index: int, index: int, address: int) -> None:
        """Ends the process, saying what is wrong where."""
        from rufflang.host.self_check_report import report

        details = tuple(_DETAILS.from_address(address))
        self._functions.vm_flush_output(self._vm)
        place = (self._flow(chunk_index), index) if chunk_index >= 0 else None
        print(report(details, place), file=sys.stderr, flush=True)
        os._exit(FAULT_EXIT_CODE)
