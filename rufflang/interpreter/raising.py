"""`throw` as an opcode."""

from __future__ import annotations

from rufflang.interpreter.table import opcode
from rufflang.lowpy import function
from rufflang.runtime.throwing import throw_value
from rufflang.runtime.values import Value
from rufflang.runtime.vm import VM


@opcode("THROW")
@function
def throw(vm: VM, value: Value) -> Value:
    return throw_value(vm, value)
