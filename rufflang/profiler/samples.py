"""From what the VM has recorded to samples that a reader understands: functions, lines, and how code ran.

A sample of the interpreter is taken before an instruction, but the time before it was spent in the one
executed last.  Unless a jump leads here, that is the one in front, so the sample is counted there: a
builtin that takes long is charged to the line that calls it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from rufflang.bytecode.flow import Instruction, decode
from rufflang.host.profiling import (
    BEFORE_INSTRUCTION,
    COLLECTING,
    COMPILING,
    IN_COMPILED_CODE,
    TRUNCATED,
    UNKNOWN_PLACE,
    ChunkFacts,
    Recording,
)
from rufflang.source import Source

INTERPRETED = "interpreted"
COMPILED = "compiled"
GARBAGE = "garbage collection"
WAITING = "waiting for the JIT"
MODES = (COMPILED, INTERPRETED, GARBAGE, WAITING)
"""How time is spent."""

TOP_LEVEL = "<top level>"
LIBRARY = "<library>"
_NOTICEABLE = 20_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file; line 0 where it is not known."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line > 0 else self.file


@dataclass(frozen=True, slots=True)
class Function:
    """A function, and where it is declared."""

    name: str
    place: Place


ELSEWHERE = Function("…", Place("", 0))
"""Stands for callers that were left out, for what runs outside the program, and for what is not known."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Time that was spent with these functions active, outermost first, at a place in the last one.

    `builtin` is the builtin function that was called there, if it was one.
    """

    stack: tuple[Function, ...]
    place: Place
    builtin: str
    mode: str
    count: int
    seconds: float


class Chunk:
    """A chunk of a recording, seen as a function."""

    def __init__(self, facts: ChunkFacts, builtins: dict[int, str]) -> None:
        self.source: Source | None = facts.source
        self._lines = facts.lines
        self._builtins = builtins
        self._file = LIBRARY if facts.source is None else facts.source.name
        self.function = Function(facts.name or TOP_LEVEL, Place(self._file, facts.line))
        self._code: dict[int, Instruction] = decode(facts.code)
        self._before = self._predecessors()

    def _predecessors(self) -> dict[int, int]:
        """For each instruction that no jump leads to, the one in front of it."""
        targets = {item.target for item in self._code.values()}
        return {
            place: before
            for before, place in pairwise(self._code)
            if place not in targets and self._code[before].falls_through
        }

    def executed_before(self, index: int) -> int:
        """The instruction in which the time was spent that ended before the one at `index`."""
        return self._before.get(index, index)

    def place(self, index: int) -> Place:
        """Where an instruction comes from."""
        return Place(self._file, self._lines[index] if index < len(self._lines) else 0)

    def opcode(self, index: int) -> str:
        """The name of an instruction; empty if it is not known."""
        item = self._code.get(index)
        return "" if item is None else item.name

    def builtin(self, index: int) -> str:
        """The builtin that an instruction calls; empty if it does not."""
        item = self._code.get(index)
        if item is None or item.name not in ("CALL_BUILTIN", "TAKE_APART"):
            return ""
        return self._builtins.get(item.b, "")


class Profile:
    """A recording, understood."""

    def __init__(self, recording: Recording, builtins: dict[int, str]) -> None:
        self.recording = recording
        self._chunks = {number: Chunk(facts, builtins) for number, facts in recording.chunks.items()}
        self._stacks: list[tuple[Function, ...]] = []
        for caller, number, _, _ in recording.contexts:
            outer = self._stacks[caller] if caller >= 0 else ()
            self._stacks.append((*outer, self._function(number)))

    def _function(self, number: int) -> Function:
        chunk = self._chunks.get(number)
        return ELSEWHERE if number == TRUNCATED or chunk is None else chunk.function

    def chunk(self, number: int) -> Chunk | None:
        """The chunk of that number, if the recording speaks of it."""
        return self._chunks.get(number)

    def at(self, place: int) -> tuple[Chunk | None, int]:
        """What a place in a recording means: the chunk and the position in its code."""
        return self._chunks.get(place >> 32), place & UNKNOWN_PLACE

    @property
    def seconds(self) -> float:
        """How long the VM was watched."""
        return sum(self.recording.nanoseconds) / 1e9

    def samples(self) -> Iterator[Sample]:
        """Every sample; those alike are one."""
        for key, place, count, nanoseconds in self.recording.samples:
            context, activity, how = key >> 4, key >> 2 & 3, key & 3
            chunk, index = self.at(place)
            stack = self._stacks[context] if context >= 0 else (ELSEWHERE,)
            if how == BEFORE_INSTRUCTION and chunk is not None:
                index = chunk.executed_before(index)
            yield Sample(
                stack,
                stack[-1].place if chunk is None else chunk.place(index),
                "" if chunk is None else chunk.builtin(index),
                _mode(activity, how == IN_COMPILED_CODE),
                count,
                nanoseconds / 1e9,
            )
        yield from self._unaccounted()

    def _unaccounted(self) -> Iterator[Sample]:
        """Time after the last sample: that of a program which was given up while it hung somewhere."""
        left = list(self.recording.nanoseconds)
        for key, _, _, nanoseconds in self.recording.samples:
            left[key >> 2 & 3] -= nanoseconds
        for activity, nanoseconds in enumerate(left):
            if nanoseconds > _NOTICEABLE:
                yield Sample((ELSEWHERE,), ELSEWHERE.place, "", _mode(activity, False), 0, nanoseconds / 1e9)


def _mode(activity: int, is_compiled: bool) -> str:
    if activity == COLLECTING:
        return GARBAGE
    if activity == COMPILING:
        return WAITING
    return COMPILED if is_compiled else INTERPRETED
