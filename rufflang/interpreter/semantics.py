"""Gathers everything that becomes the VM's machine code.

Importing this module registers the meaning of every opcode, or fails; `all_functions` lists the
runtime's entry points, from which the rest is reached.
"""

from __future__ import annotations

import rufflang.interpreter
import rufflang.runtime
import rufflang.runtime.builtins
from rufflang.bytecode.opcodes import OPCODES
from rufflang.interpreter import unwinding
from rufflang.interpreter.table import comparison_of, meaning_of
from rufflang.lowpy.function import LowFunction, as_low, functions_of
from rufflang.runtime import profile, truth

UNWIND = as_low(unwinding.unwind)
TRUTHY = as_low(truth.truthy)
SAMPLE = as_low(profile.note_interpreted)

for _opcode in OPCODES:
    meaning_of(comparison_of(_opcode.name)[0] or _opcode.name)


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
