"""The VM's machine code: built once from lowpy, kept on disk, loaded at start-up.

The cached file's name contains a digest of every source file that could influence it, of
the Python version and of the processor, so it can never be stale.  With a system linker it
is a shared library, which needs no llvmlite to load; without one it stays an object file
that llvmlite loads.  What only some runs need, the table of builtins, is read when it
is asked for.
"""

from __future__ import annotations

import os
import sys

from rufflang.interpreter.foreign import RTLD_GLOBAL, dlopen, dlsym
from rufflang.interpreter.source_stamp import SourceStamp, cache_directory, source_stamp

# Type checkers take this for true; importing `typing` to say so would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from rufflang.runtime.builtins.registry import Row
else:
    Protocol = object

_KEPT_VERSIONS = 6


class Library(Protocol):
    """Loaded machine code."""

    def address(self, symbol: str) -> int:
        """Address of a symbol."""
        ...


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
            from rufflang.runtime.builtins.registry import Row, builtin_rows

            table = _read_table(self._place)
            self._rows = builtin_rows() if table is None else [Row._make(row) for row in table[1]]
        return self._rows


def load() -> NativeRuntime:
    """The machine code for this version, built first if there is none yet."""
    stamp = source_stamp()
    place = os.path.join(cache_directory(), f"vm-{stamp.runtime}")
    library = _open(place)
    if library is None:
        place = _build_interruptibly(place)
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
        return _open_object(place)
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


def _open_object(place: str) -> Library | None:
    table = _read_table(place)
    if table is None or not os.path.exists(f"{place}.o"):
        return None
    from rufflang.lowpy.library import ObjectLibrary

    try:
        with open(f"{place}.o", "rb") as file:
            return ObjectLibrary(file.read(), "ruff-vm", table[0])
    except (OSError, RuntimeError):
        return None


def _read_table(place: str) -> tuple[list[str], list[tuple[object, ...]]] | None:
    """The symbols of an object file and the rows of builtins; None if they cannot be read."""
    from marshal import loads

    try:
        with open(f"{place}.table", "rb") as file:
            symbols, rows = loads(file.read())
    except (OSError, EOFError, ValueError, TypeError):
        return None
    return symbols, rows


def _build_interruptibly(place: str) -> str:
    """Builds on another thread: while LLVM works, this one could not answer Ctrl-C."""
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(1).submit(_build, place).result()


def _build(place: str) -> str:
    """Compiles and stores the machine code; where it is, which is somewhere temporary if it must."""
    import tempfile
    from marshal import dumps
    from pathlib import Path

    from rufflang.lowpy.build import compile_object
    from rufflang.lowpy.library import link_shared
    from rufflang.runtime.builtins.registry import builtin_rows

    print("rufflang: compiling the runtime (once for this version)…", file=sys.stderr, flush=True)
    text, symbols = runtime_text()
    data = compile_object(text)
    directory, stem = os.path.split(place)
    try:
        os.makedirs(directory, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f"{stem}-", dir=directory))
    except OSError:
        directory = tempfile.mkdtemp(prefix="rufflang-")
        work = Path(tempfile.mkdtemp(dir=directory))
    (work / "vm.table").write_bytes(dumps((symbols, [tuple(row) for row in builtin_rows()])))
    if not link_shared(data, work / "vm.so"):
        (work / "vm.o").write_bytes(data)
    # The table first: whoever sees the code finds the table.
    for kind in ("table", "so", "o"):
        if (work / f"vm.{kind}").exists():
            os.replace(work / f"vm.{kind}", os.path.join(directory, f"{stem}.{kind}"))
    work.rmdir()
    _forget_old_versions(directory)
    return os.path.join(directory, stem)


def _forget_old_versions(directory: str) -> None:
    """Deletes what versions before the last few have left; a process that runs one keeps its mapping."""
    tables = [name for name in os.listdir(directory) if name.startswith("vm-") and name.endswith(".table")]
    tables.sort(key=lambda name: os.stat(os.path.join(directory, name)).st_mtime, reverse=True)
    for name in tables[_KEPT_VERSIONS:]:
        for kind in (".so", ".o", ".table"):
            try:
                os.unlink(os.path.join(directory, name.removesuffix(".table") + kind))
            except OSError:
                continue


def runtime_text() -> tuple[str, list[str]]:
    """The LLVM text of the whole VM, and the symbols it defines."""
    from rufflang.interpreter import semantics
    from rufflang.interpreter.generator import emit_interpreter
    from rufflang.interpreter.native_layout import OPCODE_SYMBOL
    from rufflang.interpreter.native_layout import SYMBOL as LAYOUT_SYMBOL
    from rufflang.interpreter.native_tables import SYMBOL, emit_layout, emit_opcodes, emit_tables
    from rufflang.lowpy.build import emit_functions
    from rufflang.lowpy.function import LowFunction
    from rufflang.lowpy.module import ModuleText
    from rufflang.runtime.builtins.registry import builtin_rows

    module = ModuleText("ruff-vm")
    emit_interpreter(module, semantics.UNWIND, semantics.TRUTHY, semantics.SAMPLE)
    functions: list[LowFunction] = semantics.all_functions()
    emit_functions(module, functions)
    emit_tables(module, builtin_rows())
    emit_layout(module)
    emit_opcodes(module)
    tables = ("ruff_dispatch", "ruff_sampling_dispatch", SYMBOL, LAYOUT_SYMBOL, OPCODE_SYMBOL)
    symbols = [*sorted(module.defined), "ruff_interpret", *tables]
    return module.render(), symbols
