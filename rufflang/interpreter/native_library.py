"""The VM's machine code: built once from lowpy, kept on disk, loaded at start-up.

The cached file's name contains a digest of every source file that could influence it, of
the Python and llvmlite versions and of the processor, so it can never be stale.  With a
system linker it is a shared library, which needs no llvmlite to load; without one
it stays an object file that llvmlite loads.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import platform
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rufflang.runtime.builtins.registry import Row

_PACKAGE = Path(__file__).resolve().parent.parent
_SOURCES = ("lowpy", "runtime", "interpreter", "bytecode/opcodes.py")


class Library(Protocol):
    """Loaded machine code."""

    def address(self, symbol: str) -> int:
        """Address of a symbol."""
        ...


def source_digest() -> str:
    """A digest of everything the machine code is made from."""
    digest = hashlib.blake2b(digest_size=12)
    digest.update(f"{sys.version_info[:2]} {platform.machine()} {_processor()}".encode())
    for name in _SOURCES:
        place = _PACKAGE / name
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _processor() -> str:
    """What distinguishes processors that run different machine code."""
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
            lines = file.read(4096).split("\n")
        return "".join(line for line in lines if line.startswith(("model name", "flags", "Features")))
    except OSError:
        return platform.processor()


def cache_directory() -> Path:
    """Where compiled code is kept: RUFFLANG_CACHE, else the user's cache directory."""
    chosen = os.environ.get("RUFFLANG_CACHE")
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(base) / "rufflang"


def load() -> tuple[Library, list[Row]]:
    """The machine code and the table of builtins, built first if this version has none yet."""
    stem = f"vm-{source_digest()}"
    directory = cache_directory()
    found = _open(directory, stem)
    if found is None:
        _build(directory, stem)
        found = _open(directory, stem)
    if found is None:
        raise RuntimeError("the compiled runtime could not be loaded after it was built")
    return found


def _open(directory: Path, stem: str) -> tuple[Library, list[Row]] | None:
    from rufflang.lowpy.library import ObjectLibrary, SharedLibrary

    table = directory / f"{stem}.table"
    try:
        symbols, rows = pickle.loads(table.read_bytes())
        shared = directory / f"{stem}.so"
        if shared.exists():
            return SharedLibrary(shared), rows
        return ObjectLibrary((directory / f"{stem}.o").read_bytes(), "ruff-vm", symbols), rows
    except (OSError, EOFError, pickle.UnpicklingError):
        return None


def _build(directory: Path, stem: str) -> None:
    from rufflang.lowpy.build import compile_object
    from rufflang.lowpy.library import link_shared
    from rufflang.runtime.builtins.registry import builtin_rows

    print("rufflang: compiling the runtime (once for this version)…", file=sys.stderr, flush=True)
    text, symbols = runtime_text()
    data = compile_object(text)
    directory.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=directory) as work:
        linked = Path(work) / "vm.so"
        if link_shared(data, linked):
            os.replace(linked, directory / f"{stem}.so")
        else:
            plain = Path(work) / "vm.o"
            plain.write_bytes(data)
            os.replace(plain, directory / f"{stem}.o")
        table = Path(work) / "table"
        table.write_bytes(pickle.dumps((symbols, builtin_rows())))
        os.replace(table, directory / f"{stem}.table")


def runtime_text() -> tuple[str, list[str]]:
    """The LLVM text of the whole VM, and the symbols it defines."""
    from rufflang.interpreter import semantics
    from rufflang.interpreter.generator import emit_interpreter
    from rufflang.lowpy.build import emit_functions
    from rufflang.lowpy.function import LowFunction
    from rufflang.lowpy.module import ModuleText

    module = ModuleText("ruff-vm")
    emit_interpreter(module, semantics.UNWIND, semantics.TRUTHY)
    functions: list[LowFunction] = semantics.all_functions()
    emit_functions(module, functions)
    symbols = [*sorted(module.defined), "ruff_interpret", "ruff_dispatch"]
    return module.render(), symbols

