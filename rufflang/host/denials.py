"""Builtins that a program may not call, because of what it may do to the world."""

from __future__ import annotations

from rufflang.host.machine import Machine
from rufflang.runtime.builtins.registry import CAPABILITIES


def deny(machine: Machine) -> None:
    """Tells the VM which capabilities are denied."""
    allows = machine.options.capabilities.allows
    denied = sum(1 << number for number, name in enumerate(CAPABILITIES) if not allows(name))
    machine.functions.ruff_deny(machine.vm, denied)


def denial(machine: Machine, name: str) -> str:
    """The message of the error raised by a builtin that is denied."""
    row = next(row for row in machine.runtime.rows if row.name == name)
    assert row.capability is not None
    return machine.options.capabilities.denial(row.capability, name)
