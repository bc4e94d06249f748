"""Building the VM's machine code from lowpy, which happens once for each version of the package."""

from __future__ import annotations

import os
import shutil
import tempfile
from marshal import dumps
from pathlib import Path

from rufflang.interpreter import semantics
from rufflang.interpreter.generator import emit_interpreter
from rufflang.interpreter.native_layout import OPCODE_SYMBOL
from rufflang.interpreter.native_layout import SYMBOL as LAYOUT_SYMBOL
from rufflang.interpreter.native_tables import SYMBOL, emit_layout, emit_opcodes, emit_tables
from rufflang.interpreter.processors import usable_processors
from rufflang.interpreter.usual_functions import USUAL_FUNCTIONS
from rufflang.lowpy.build import emit_functions
from rufflang.lowpy.function import LowFunction
from rufflang.lowpy.library import link_shared
from rufflang.lowpy.module import ModuleText
from rufflang.lowpy.part_process import compile_objects
from rufflang.lowpy.parts import split
from rufflang.records import field_values
from rufflang.runtime.builtins.registry import builtin_rows

KINDS = (".table", ".so", ".objects")
"""The ends of the names of what is kept of a version: always a table, and either a library or object files."""

_KEPT_VERSIONS = 6
_MOST_PARTS = 8
"""With more of them, what they have in common takes longer to compile than what each has of its own."""


def build(place: str) -> str:
    """Compiles and stores the machine code; where it is, which is somewhere temporary if it must."""
    texts, symbols = runtime_parts(max(1, min(usable_processors(), _MOST_PARTS)))
    objects = compile_objects(texts)
    directory, stem = os.path.split(place)
    try:
        os.makedirs(directory, exist_ok=True)
        work = tempfile.mkdtemp(prefix=f"{stem}-", dir=directory)
    except OSError:
        directory = tempfile.mkdtemp(prefix="rufflang-")
        work = tempfile.mkdtemp(dir=directory)
    try:
        _store(objects, symbols, Path(work), os.path.join(directory, stem))
    finally:
        shutil.rmtree(work, ignore_errors=True)
    _forget_old_versions(directory)
    return os.path.join(directory, stem)


def _store(objects: list[bytes], symbols: list[str], work: Path, place: str) -> None:
    """Links the object files, and puts what there is then where it belongs; `work` is a folder next to that."""
    (work / "vm.table").write_bytes(dumps((symbols, [field_values(row) for row in builtin_rows()])))
    if not link_shared(objects, work / "vm.so"):
        (work / "vm.objects").write_bytes(dumps(objects))
    # The table first: whoever sees the code finds the table.
    for kind in KINDS:
        if (work / f"vm{kind}").exists():
            os.replace(work / f"vm{kind}", place + kind)


def _time_of_change(path: str) -> float:
    """When a file was written; 0 if another process has deleted it by now."""
    try:
        return os.stat(path).st_mtime
    except FileNotFoundError:
        return 0.0


def _forget_old_versions(directory: str) -> None:
    """Deletes what versions before the last few have left; a process that runs one keeps its mapping."""
    tables = [name for name in os.listdir(directory) if name.startswith("vm-") and name.endswith(".table")]
    tables.sort(key=lambda name: _time_of_change(os.path.join(directory, name)), reverse=True)
    for name in tables[_KEPT_VERSIONS:]:
        for kind in KINDS:
            try:
                os.unlink(os.path.join(directory, name.removesuffix(".table") + kind))
            except OSError:
                continue


def runtime_parts(count: int) -> tuple[list[str], list[str]]:
    """The LLVM text of the whole VM in at most so many parts, and the symbols it defines."""
    module = ModuleText("ruff-vm")
    emit_interpreter(module, semantics.UNWIND, semantics.TRUTHY, semantics.SAMPLE)
    functions: list[LowFunction] = semantics.all_functions()
    emit_functions(module, functions)
    emit_tables(module, builtin_rows())
    emit_layout(module)
    emit_opcodes(module)
    module.put_first(USUAL_FUNCTIONS)
    tables = ("ruff_dispatch", "ruff_sampling_dispatch", SYMBOL, LAYOUT_SYMBOL, OPCODE_SYMBOL)
    return split(module, count), [*sorted(module.defined), "ruff_interpret", *tables]
