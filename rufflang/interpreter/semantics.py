"""Gathers everything that becomes the VM's machine code.

Importing this module registers the meaning of every opcode; `all_functions` lists the
runtime's entry points, from which the rest is reached.
"""

from __future__ import annotations

import rufflang.interpreter
import rufflang.runtime
import rufflang.runtime.builtins
from rufflang.bytecode.opcodes import OPCODES
from rufflang.interpreter import (
    arithmetic,
    comparison,
    containers,
    control,
    definitions,
    generators,
    importing,
    loading,
    loops,
    raising,
    spawning,
    tasks,
    texts,
    unwinding,
    variables,
)
from rufflang.interpreter.generator import comparison_of
from rufflang.interpreter.table import MEANINGS
from rufflang.lowpy.function import LowFunction, as_low, functions_of
from rufflang.runtime import profile, truth

__all__ = [
    "SAMPLE", "TRUTHY", "UNWIND", "all_functions", "arithmetic", "comparison", "containers", "control", "definitions",
    "generators", "importing", "loading", "loops", "raising", "spawning", "tasks", "texts", "variables",
]  # fmt: skip


UNWIND = as_low(unwinding.unwind)
TRUTHY = as_low(truth.truthy)
SAMPLE = as_low(profile.note_interpreted)

for _opcode in OPCODES:
    assert _opcode.name in MEANINGS or comparison_of(_opcode.name)[0], f"{_opcode.name} has no meaning"


def all_functions() -> list[LowFunction]:
    """Every lowpy function of the runtime, the builtins and the interpreter."""
    import importlib
    import pkgutil

    functions: list[LowFunction] = []
    for package in (rufflang.runtime, rufflang.runtime.builtins, rufflang.interpreter):
        for item in pkgutil.iter_modules(package.__path__):
            if not item.ispkg:
                functions.extend(functions_of(importlib.import_module(f"{package.__name__}.{item.name}")))
    return functions
