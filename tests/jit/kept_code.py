"""A cache of its own for runs whose machine code is looked at."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

PATIENCE_SECONDS = 60


class Cache:
    """The files of a cache folder."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.place = str(folder / "rufflang")
        monkeypatch.setenv("RUFFLANG_CACHE", self.place)

    def libraries(self) -> list[Path]:
        return sorted(self.folder.glob("rufflang/code-*/*.so"))

    def books(self) -> list[Path]:
        return sorted(self.folder.glob("rufflang/code-*/*.book"))

    def state(self) -> dict[Path, int]:
        """When each file was changed."""
        return {path: path.stat().st_mtime_ns for path in [*self.libraries(), *self.books()]}

    def wait(self) -> None:
        """Compiling and linking go on after a run; waits for the end of both."""
        end = time.monotonic() + PATIENCE_SECONDS
        while list(self.folder.glob("rufflang/code-*/*.o")) or self._processes():
            assert time.monotonic() < end
            time.sleep(0.05)

    def workshops(self) -> list[int]:
        """The processes that make code for this cache."""
        return [number for number, words in self._processes().items() if b"workshop_process" in words]

    def _processes(self) -> dict[int, bytes]:
        """The processes that use this cache, and how they were called: copies of what has ended among them."""
        found: dict[int, bytes] = {}
        mark = os.fsencode(f"RUFFLANG_CACHE={self.place}")
        for path in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (path / "environ").read_bytes().split(b"\0"):
                    found[int(path.name)] = (path / "cmdline").read_bytes()
            except OSError:
                continue
        return found

    def forget_code(self) -> None:
        """Leaves only the VM itself."""
        for path in self.folder.glob("rufflang/code-*"):
            shutil.rmtree(path)
