"""The VM's machine code: built once from lowpy, kept on disk, loaded at start-up.

The cached file's name contains a digest of every source file that could influence it, of
the Python version and of the processor, so it can never be stale.  With a system linker it
is a shared library, which needs no llvmlite to load; without one it stays object files
that llvmlite loads.  What only some runs need, the table of builtins, is read when it
is asked for.
"""

from __future__ import annotations

import os
import sys

from rufflang.foreign import RTLD_GLOBAL, dlopen, dlsym
from rufflang.interpreter.source_stamp import SourceStamp, cache_directory, source_stamp

# Type checkers take this for true; importing `typing` to say so would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.interpreter.library import Library
    from rufflang.runtime.builtins.registry import Row


class SharedLibrary:
    """A shared library loaded by the operating system."""

    def __init__(self, path: str) -> None:
        # Globally, because compiled programs of earlier runs are linked against it.
        self._handle = dlopen(path, RTLD_GLOBAL)

    def address(self, symbol: str) -> int:
        """Address of an exported symbol."""
        return dlsym(self._handle, symbol)


class NativeRuntime:
    """The machine code of this version, and what was written down when it was built."""

    def __init__(self, library: Library, place: str, stamp: SourceStamp) -> None:
        self.library = library
        self.stamp = stamp
        self._place = place
        self._rows: list[Row] | None = None

    @property
    def rows(self) -> list[Row]:
        """The table of builtins, in the order of their numbers."""
        if self._rows is None:
            from rufflang.interpreter.native_table import rows_at

            self._rows = rows_at(self._place)
        return self._rows


def place_of(stamp: SourceStamp) -> str:
    """Where the machine code of a version is, without the end of the names of its files."""
    return os.path.join(cache_directory(), f"vm-{stamp.runtime}")


def load() -> NativeRuntime:
    """The machine code for this version, built first if there is none yet."""
    stamp = source_stamp()
    place = place_of(stamp)
    library = _open(place)
    if library is None:
        print("rufflang: compiling the runtime (once for this version)…", file=sys.stderr, flush=True)
        from rufflang.interpreter.native_build import build

        place = build(place)
        library = _open(place)
    if library is None:
        raise RuntimeError("the compiled runtime could not be loaded after it was built")
    return NativeRuntime(library, place, stamp)


def _open(place: str) -> Library | None:
    """What is kept there; None when there is nothing, or nothing that can be used."""
    try:
        if is_whole(f"{place}.so"):
            return SharedLibrary(f"{place}.so")
    except FileNotFoundError:
        from rufflang.interpreter.native_table import open_objects

        return open_objects(place)
    except OSError:
        pass
    return None


def is_whole(path: str) -> bool:
    """Whether a shared library is all there: loading one that was cut off would kill the process.

    Raises OSError when there is none.
    """
    with open(path, "rb", buffering=0) as file:
        head = file.read(64)
        size = file.seek(0, os.SEEK_END)
    if not head.startswith(b"\x7fELF"):
        return size > len(head)
    # What ends an ELF file is its table of sections, whose place and size its header tells.
    entries = int.from_bytes(head[58:60], "little") * int.from_bytes(head[60:62], "little")
    return len(head) == 64 and size >= int.from_bytes(head[40:48], "little") + entries
