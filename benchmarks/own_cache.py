"""A cache folder of its own for runs in which it matters whether code has been made before.

The VM itself is in it from the start, so that a first run compiles nothing but the program.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path
from types import TracebackType

from rufflang.interpreter.native_library import load
from rufflang.interpreter.source_stamp import cache_directory

_PATIENCE_SECONDS = 30.0
_POLL_SECONDS = 0.02


class OwnCache:
    """A cache that is deleted afterwards, for processes started with `environment`."""

    def __init__(self) -> None:
        load()  # builds the VM if there is none yet
        self._folder = Path(tempfile.mkdtemp(prefix="rufflang-benchmark-"))
        self.environment = {**os.environ, "RUFFLANG_CACHE": str(self._folder)}
        for path in Path(cache_directory()).glob("vm-*.*"):
            shutil.copy(path, self._folder)

    def __enter__(self) -> OwnCache:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.settle()
        shutil.rmtree(self._folder, ignore_errors=True)

    def forget_code(self) -> None:
        """Leaves only the VM, and the bytecode of programs."""
        for path in self._folder.glob("code-*"):
            shutil.rmtree(path)

    def forget_programs(self) -> None:
        """Leaves only the VM."""
        self.forget_code()
        shutil.rmtree(self._folder / "programs", ignore_errors=True)

    def code_count(self) -> int:
        """How many entries the books have, so that one can see whether a run has asked for anything new."""
        return sum(_records(path.read_bytes()) for path in self._folder.glob("code-*/*.book"))

    def settle(self) -> None:
        """Waits until nobody makes code any more that a run has asked for."""
        end = time.monotonic() + _PATIENCE_SECONDS
        mark = os.fsencode(f"RUFFLANG_CACHE={self._folder}")
        while time.monotonic() < end and any(mark in _environment_of(path) for path in Path("/proc").glob("[0-9]*")):
            time.sleep(_POLL_SECONDS)


def _environment_of(process: Path) -> list[bytes]:
    try:
        return (process / "environ").read_bytes().split(b"\0")
    except OSError:
        return []


def _records(book: bytes) -> int:
    """How many records a book has: see `rufflang.jit.book`."""
    count = start = 0
    while start + 16 <= len(book):
        start += 16 + int.from_bytes(book[start + 4 : start + 8], "little")
        count += 1
    return count
