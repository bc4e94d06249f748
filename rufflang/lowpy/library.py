"""Machine code loaded into this process: from object files by LLVM's ORC, or a shared library."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rufflang.lowpy.build import compile_object, emit_functions
from rufflang.lowpy.function import LowFunction
from rufflang.lowpy.module import ModuleText

# On ELF systems calls inside the library need no detour through its procedure linkage table.
_LINK_OPTIONS = ["-Wl,-Bsymbolic"] if sys.platform == "linux" else []


class ObjectLibrary:
    """Object files loaded by llvmlite, which may refer to each other; keeps them alive."""

    def __init__(self, objects: Iterable[bytes], name: str, exported: Iterable[str]) -> None:
        import llvmlite.binding as llvm

        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        self._engine: Any = llvm.create_lljit_compiler(use_jit_link=True)
        builder = llvm.JITLibraryBuilder().add_current_process()
        for data in objects:
            builder.add_object_img(data)
        for symbol in exported:
            builder.export_symbol(symbol)
        self._tracker: Any = builder.link(self._engine, name)

    def address(self, symbol: str) -> int:
        """Address of an exported symbol."""
        return int(self._tracker[symbol])


def link_shared(objects: Sequence[bytes], target: Path) -> bool:
    """Links object files into a shared library at `target`; False when no linker is at hand."""
    sources = [target.with_suffix(f".{number}.o") for number in range(len(objects))]
    for source, data in zip(sources, objects, strict=True):
        source.write_bytes(data)
    arguments = ["-shared", *_LINK_OPTIONS, "-o", str(target), *map(str, sources), "-lm"]
    commands = filter(shutil.which, ("cc", "gcc", "clang"))
    is_linked = any(_succeeds([command, *arguments]) for command in commands)
    for source in sources:
        source.unlink()
    return is_linked


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def load_functions(functions: list[LowFunction], level: int = 1) -> ObjectLibrary:
    """Compiles a few functions and loads them at once; meant for tests of single functions."""
    module = ModuleText("functions")
    emit_functions(module, functions)
    return ObjectLibrary([compile_object(module.render(), level)], "functions", sorted(module.defined))
