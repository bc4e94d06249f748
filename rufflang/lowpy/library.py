"""Machine code loaded into this process: from an object file by LLVM's ORC, or a shared library."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rufflang.lowpy.build import compile_object, emit_functions
from rufflang.lowpy.function import LowFunction
from rufflang.lowpy.module import ModuleText

# On ELF systems calls inside the library need no detour through its procedure linkage table.
_LINK_OPTIONS = ["-Wl,-Bsymbolic"] if sys.platform == "linux" else []


class ObjectLibrary:
    """An object file loaded by llvmlite; keeps it alive."""

    def __init__(self, data: bytes, name: str, exported: Iterable[str]) -> None:
        import llvmlite.binding as llvm

        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        self._engine: Any = llvm.create_lljit_compiler(use_jit_link=True)
        builder = llvm.JITLibraryBuilder().add_object_img(data).add_current_process()
        for symbol in exported:
            builder.export_symbol(symbol)
        self._tracker: Any = builder.link(self._engine, name)

    def address(self, symbol: str) -> int:
        """Address of an exported symbol."""
        return int(self._tracker[symbol])


def link_shared(data: bytes, target: Path) -> bool:
    """Links an object file into a shared library at `target`; False when no linker is at hand."""
    for command in ("cc", "gcc", "clang"):
        if shutil.which(command) is None:
            continue
        source = target.with_suffix(".o")
        source.write_bytes(data)
        arguments = ["-shared", *_LINK_OPTIONS, "-o", str(target), str(source), "-lm"]
        finished = subprocess.run([command, *arguments], capture_output=True, check=False)
        source.unlink()
        if finished.returncode == 0:
            return True
    return False


def load_functions(functions: list[LowFunction], level: int = 1) -> ObjectLibrary:
    """Compiles a few functions and loads them at once; meant for tests of single functions."""
    module = ModuleText("functions")
    emit_functions(module, functions)
    return ObjectLibrary(compile_object(module.render(), level), "functions", sorted(module.defined))
