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
WITHOUT_FEEDBACK: dict[str, LowFunction] = {}
"""What the JIT replays instead, where the meaning itself also takes notes in cache words."""


def opcode(*names: str, without_feedback: object = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Registers a lowpy function as the meaning of these opcodes.

    `without_feedback` is the same meaning without the note-taking.
    """

    def register(target: Callable[P, R]) -> Callable[P, R]:
        low: object = target
        assert isinstance(low, LowFunction)
        for name in names:
            assert name in BY_NAME and name not in MEANINGS, name
            MEANINGS[name] = low
            if without_feedback is not None:
                assert isinstance(without_feedback, LowFunction)
                WITHOUT_FEEDBACK[name] = without_feedback
        return target

    return register
