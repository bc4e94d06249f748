"""The head of a loop: the values that change from round to round, and the two places where a round may begin.

A loop that looks in each round whether to stop has one head in effect, and so has a long one that counts its rounds.
A short one that does so is written as two loops: the outer head begins a strip of rounds, and rounds of the
same strip begin at the inner one.  So nothing but the end of its strip keeps the inner loop from being the plain
loop that the program has.  Where the rounds of a strip are counted from a constant, LLVM unrolls the inner loop, since
it knows how often it goes round at most, or vectorises it; over a range with a known end there is nothing to count.

Which of this is needed shows when the body has been translated; the text of the heads is completed then.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from rufflang.lowpy.types import F64, I64
from rufflang.lowpy.values import Word

STRIP_ROUNDS = 1024
"""How many rounds may pass without a look at whether to stop: that many take microseconds."""


class Turn(Enum):
    """How a round ended that is about to go back to the head."""

    LOOKED = auto()
    """It has looked whether to stop."""
    QUIET = auto()
    """It has not."""
    OVER = auto()
    """Nor has it, and it was the last one of its strip."""


@dataclass(frozen=True, slots=True)
class Changing:
    """A phi of the head: which register it is for, and which part of it, `tag`, `payload` or `double`."""

    word: Word
    number: int
    part: str
    initial: str


@dataclass(frozen=True, slots=True)
class Strip:
    """A strip that is over when a counter, which goes up by one in each round, is at `end`.

    The counter is the payload of the register `number`; it would stop at `stop` anyhow.
    """

    number: int
    stop: Word
    end: Word


@dataclass(slots=True)
class LoopHead:
    """A loop's first block: where its rounds begin, and what is assumed there."""

    label: str
    """The inner head, which the body follows."""
    outer: str
    entry: str
    line: int
    """The place in the text where the outer head begins; the inner one is two lines below."""
    rounds_left: Word
    """How many rounds may pass without a look at whether to stop, the present one included."""
    has_strips: bool
    """Whether there are two heads."""
    changing: list[Changing] = field(default_factory=list)
    strip: Strip | None = None
    assumed: dict[int, int] = field(default_factory=dict)
    """The kinds of registers."""
    owned: list[int] = field(default_factory=list)
    """Registers whose containers have one holder."""
    otherwise: LoopHead | None = None
    """Where a round goes after which that is not so."""
    turn: Turn = Turn.QUIET
    strips: list[tuple[str, list[str]]] = field(default_factory=list)
    rounds: list[tuple[str, list[str]]] = field(default_factory=list)
    """The jumps back: the block that each leaves, and what the changing words are then.

    The last of the words is the number of rounds that are left.
    """

    def add(self, number: int, part: str, name: str, initial: Word) -> Word:
        """A word that is `initial` in the first round."""
        word = Word(F64 if part == "double" else I64, name)
        self.changing.append(Changing(word, number, part, initial.text))
        return word

    def complete(self, lines: list[str]) -> None:
        """Writes the beginnings of both heads, given the lines of the function."""
        outer = [item.word.text for item in self.changing]
        if self.rounds:
            inner, outer = outer, [f"{name}.strip" for name in outer]
            for index, (name, item) in enumerate(zip(inner, self.changing, strict=True)):
                lines[self.line + 2] += _phi(name, item.part, outer[index], self.outer, self.rounds, index)
            if self.strip is None:
                name, index = self.rounds_left.text, len(outer)
                lines[self.line + 2] += _phi(name, "rounds", str(STRIP_ROUNDS), self.outer, self.rounds, index)
        for index, (name, item) in enumerate(zip(outer, self.changing, strict=True)):
            lines[self.line] += _phi(name, item.part, item.initial, self.entry, self.strips, index)
        if not self.has_strips:
            name, index = self.rounds_left.text, len(outer)
            lines[self.line] += _phi(name, "rounds", str(STRIP_ROUNDS), self.entry, self.strips, index)
        if self.strip is not None:
            parts = [(item.number, item.part) for item in self.changing]
            counter = outer[parts.index((self.strip.number, "payload"))]
            lines[self.line] += _strip_end(self.strip, counter)


def _strip_end(strip: Strip, counter: str) -> str:
    """Where the counter is when the strip that begins is over."""
    end = strip.end.text
    return (
        f"\n  {end}.all = sub i64 {strip.stop.text}, {counter}"
        f"\n  {end}.some = call i64 @llvm.umin.i64(i64 {end}.all, i64 {STRIP_ROUNDS - 1})"
        f"\n  {end} = add i64 {counter}, {end}.some"
    )


def _phi(name: str, part: str, initial: str, entry: str, jumps: list[tuple[str, list[str]]], index: int) -> str:
    kind = "double" if part == "double" else "i64"
    sources = [(initial, entry), *((words[index], label) for label, words in jumps)]
    return f"\n  {name} = phi {kind} {', '.join(f'[ {word}, %{label} ]' for word, label in sources)}"
