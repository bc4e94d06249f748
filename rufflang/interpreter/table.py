"""Which lowpy function gives each opcode its meaning.

`@opcode("ADD", "ADD_IMM")` stands above the function; the handler generator and the JIT
look the function up here and fit its parameters to the instruction's fields by position
and type (see `operands`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from rufflang.bytecode.opcodes import BY_NAME
from rufflang.lowpy import LowFunction

P = ParamSpec("P")
R = TypeVar("R")

MEANINGS: dict[str, LowFunction] = {}


def opcode(*names: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Registers a lowpy function as the meaning of these opcodes."""

    def register(target: Callable[P, R]) -> Callable[P, R]:
        assert isinstance(target, LowFunction)
        for name in names:
            assert name in BY_NAME and name not in MEANINGS, name
            MEANINGS[name] = target
        return target

    return register
