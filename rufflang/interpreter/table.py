"""Which lowpy function gives each opcode its meaning.

`@opcode("ADD", "ADD_IMM")` stands above the function; the handler generator and the JIT
look the function up here and fit its parameters to the instruction's fields by position
and type (see `operands`).  Whoever makes machine code for a few functions waits for every module
that is imported, so these are imported as opcodes are met whose meanings they have.
"""

from __future__ import annotations

from rufflang.bytecode.opcodes import BY_NAME
from rufflang.lowpy import LowFunction

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import ParamSpec, TypeVar

    P = ParamSpec("P")
    R = TypeVar("R")

MODULES = (
    "arithmetic", "comparison", "variables", "control", "loops", "containers", "texts", "definitions", "raising",
    "generators", "tasks", "importing", "spawning",
)  # fmt: skip
"""All that have meanings, the most common ones first."""

MEANINGS: dict[str, LowFunction] = {}
"""Those that have been imported."""
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


def meaning_of(name: str) -> LowFunction:
    """What an opcode does.  Raises KeyError for one without a meaning of its own."""
    for module in MODULES:
        if name in MEANINGS:
            break
        __import__(f"{__package__}.{module}")
    return MEANINGS[name]


def meaning_without_feedback(name: str) -> LowFunction:
    """What an opcode does, but for taking notes."""
    meaning = meaning_of(name)
    return WITHOUT_FEEDBACK.get(name, meaning)


def comparison_of(name: str) -> tuple[str | None, bool]:
    """The comparison inside a fused compare-and-jump, and whether it jumps when that is truthy."""
    if not name.startswith("JUMP_IF_"):
        return None, True
    rest = name.removeprefix("JUMP_IF_").removesuffix("_IMM")
    polarity = not rest.startswith("NOT_")
    rest = rest.removeprefix("NOT_")
    return (rest, polarity) if rest in ("EQ", "NE", "LT", "LE", "GT", "GE") else (None, True)
