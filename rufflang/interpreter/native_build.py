"""Building the VM's machine code from lowpy, which happens once for each version of the package."""

from __future__ import annotations

import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from marshal import dumps
from pathlib import Path

from rufflang.interpreter import semantics
from rufflang.interpreter.generator import emit_interpreter
from rufflang.interpreter.native_layout import OPCODE_SYMBOL
from rufflang.interpreter.native_layout import SYMBOL as LAYOUT_SYMBOL
from rufflang.interpreter.native_tables import SYMBOL, emit_layout, emit_opcodes, emit_tables
from rufflang.interpreter.usual_functions import USUAL_FUNCTIONS
from rufflang.lowpy.build import compile_object, emit_functions
from rufflang.lowpy.function import LowFunction
from rufflang.lowpy.library import link_shared
from rufflang.lowpy.module import ModuleText
from rufflang.records import field_values
from rufflang.runtime.builtins.registry import builtin_rows

_KEPT_VERSIONS = 6


def build(place: str) -> str:
    """Compiles and stores the machine code; where it is, which is somewhere temporary if it must.

    Another thread does that: while LLVM works, this one could not answer Ctrl-C.
    """
    return ThreadPoolExecutor(1).submit(_build, place).result()


def _build(place: str) -> str:
    text, symbols = runtime_text()
    data = compile_object(text)
    directory, stem = os.path.split(place)
    try:
        os.makedirs(directory, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f"{stem}-", dir=directory))
    except OSError:
        directory = tempfile.mkdtemp(prefix="rufflang-")
        work = Path(tempfile.mkdtemp(dir=directory))
    (work / "vm.table").write_bytes(dumps((symbols, [field_values(row) for row in builtin_rows()])))
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
    module = ModuleText("ruff-vm")
    emit_interpreter(module, semantics.UNWIND, semantics.TRUTHY, semantics.SAMPLE)
    functions: list[LowFunction] = semantics.all_functions()
    emit_functions(module, functions)
    emit_tables(module, builtin_rows())
    emit_layout(module)
    emit_opcodes(module)
    module.put_first(USUAL_FUNCTIONS)
    tables = ("ruff_dispatch", "ruff_sampling_dispatch", SYMBOL, LAYOUT_SYMBOL, OPCODE_SYMBOL)
    symbols = [*sorted(module.defined), "ruff_interpret", *tables]
    return module.render(), symbols
