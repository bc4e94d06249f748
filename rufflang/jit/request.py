"""What is to be compiled, with everything the translation may know about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rufflang.bytecode.chunk import Chunk
from rufflang.jit.hot import DirectTarget
from rufflang.runtime.values import ARRAY, BOOL, DICT, FLOAT, FUNCTION, INT, NULL, STRING, STRUCT

if TYPE_CHECKING:
    from rufflang.runtime.builtins.registry import Entry

SPECULATED = (NULL, BOOL, INT, FLOAT, STRING, ARRAY, DICT, STRUCT, FUNCTION)
"""Kinds of values worth a guard."""

MAXIMUM_WORDS = 6000
"""Longer functions stay interpreted."""

DIRECT_CONVENTION = "preserve_nonecc "
"""How compiled functions call each other: nothing is saved that is not needed."""


@dataclass(frozen=True, slots=True)
class GlobalState:
    """The tag of a global's value now; `function` is the number of a function that it holds for ever."""

    tag: int
    function: int | None = None


class Questions:
    """What a translation may ask about the VM besides what is in its request; remembers the answers."""

    def __init__(
        self,
        global_state: Callable[[int], GlobalState],
        direct_target: Callable[[int], DirectTarget | None],
        builtin: Callable[[int], Entry | None],
        chunk: Callable[[int], Chunk | None] | None = None,
    ) -> None:
        self._global_state = global_state
        self._direct_target = direct_target
        self._chunk = chunk
        self.builtin = builtin
        """A builtin by its number."""
        self.answers: dict[tuple[str, int], tuple[object, ...]] = {}

    def global_state(self, constant: int) -> GlobalState:
        """What is in a global cell, given the index of its constant."""
        state = self._global_state(constant)
        self.answers["global", constant] = (state.tag, state.function)
        return state

    def direct_target(self, number: int, kinds: tuple[int | None, ...]) -> DirectTarget | None:
        """How to call another function directly with arguments of these kinds.

        A function that is not compiled will probably be so soon, because its callers are, and then
        for the kinds that it is called with; calls check whether it came out like that.
        """
        target = self._direct_target(number)
        if target is None and self._chunk is not None:
            chunk = self._chunk(number)
            if chunk is not None and chunk.parameter_count == len(kinds):
                target = DirectTarget(number, kinds, chunk.lent, chunk.name)
        self.answers["target", number] = () if target is None else (target.parameters, target.lent, target.name)
        return target


@dataclass(slots=True)
class CompileRequest:
    """One function, or one loop of it (`loop` is the position of its header)."""

    chunk: Chunk
    number: int
    words: list[int]
    parameter_kinds: Sequence[int]
    questions: Questions
    loop: int | None = None
    loop_end: int | None = None
    frame_tags: Sequence[int] = field(default_factory=list)
    resumes: bool = False
    """Whether it is the body of a generator, entered behind each `YIELD`; `parameter_kinds` are those of registers."""
    counts_work: bool = False
    """Whether the code pays a unit of `VM.fuel` for each jump backwards."""

    @property
    def symbol(self) -> str:
        """A name for the machine code."""
        if self.resumes:
            return f"ruff.{self.number}.resume"
        place = "" if self.loop is None else f".loop{self.loop}"
        return f"ruff.{self.number}{place}"

    @property
    def is_function(self) -> bool:
        """Whether it is a function, entered at its start."""
        return self.loop is None and not self.resumes

    @property
    def direct(self) -> DirectTarget:
        """This function as a target of direct calls."""
        kinds = tuple(single_kind(bits) for bits in self.parameter_kinds)
        return DirectTarget(self.number, kinds, self.chunk.lent, self.chunk.name)


def register_name(number: int) -> str:
    """A register's name in the translation's environments."""
    return f"r{number}"


def single_kind(bits: int) -> int | None:
    """The one kind in a feedback bit set, if it is worth speculating on."""
    for tag in SPECULATED:
        if bits == 1 << tag:
            return tag
    return None


def worth_a_guard(tag: int | None) -> int | None:
    """The kind, if parameters may be fixed to it."""
    return tag if tag in SPECULATED else None


class CannotCompile(Exception):
    """This function stays interpreted; the text says why."""


class CompilerFault(CannotCompile):
    """The JIT itself made a mistake; the function stays interpreted all the same."""
