"""The head of a loop: the values that change from round to round, and the two places where a round may begin.

A loop that looks in each round whether to stop has one head in effect, and so has a long one that counts its rounds.
A short one that does so is written as two loops: the outer head begins a strip of rounds, and rounds of the
same strip begin at the inner one.  So nothing but the end of its strip keeps the inner loop from being the plain
loop that the program has.  Where the rounds of a strip are counted from a constant, LLVM unrolls the inner loop, since
it knows how often it goes round at most, or vectorises it; over a range with a known end there is nothing to count.

Which of this is needed shows when the body has been translated; the text of the heads is completed then.
"""

from __future__ import annotations

from rufflang.jit.unmade import VirtualWord
from rufflang.lowpy.types import F64, I64
from rufflang.lowpy.values import Word
from rufflang.records import Record, field

STRIP_ROUNDS = 1024
"""How many rounds may pass without a look at whether to stop: that many take microseconds."""


class Changing(Record):
    """A phi of the head: which register it is for, and which part of it, `tag`, `payload` or `double`."""

    word: Word
    number: int
    part: str
    initial: str
    slots: tuple[int, ...] = ()
    """Where it is in the virtual container in the register: the part, the part of the one in that one …"""


class Limit(Record):
    """A strip is over when a counter, which goes up by one in each round, is at `end`.

    It is the payload of the register `counter`; it would stop at `stop` anyhow.
    """

    counter: int
    stop: Word
    end: Word

    def text(self, counter: str) -> str:
        """Finds the end, given the counter when the strip begins."""
        end = self.end.text
        return (
            f"\n  {end}.all = sub i64 {self.stop.text}, {counter}"
            f"\n  {end}.some = call i64 @llvm.umin.i64(i64 {end}.all, i64 {STRIP_ROUNDS - 1})"
            f"\n  {end} = add i64 {counter}, {end}.some"
        )


class Strips(Record):
    """How a loop knows that enough rounds have passed without a look whether to stop."""

    left: Word
    """How many more may, the present one included; counted where there is no limit."""
    are_loops: bool
    """Whether the rounds of a strip are a loop of their own."""
    counter: int | None = None
    """The register with what follows the item of the round, if a range counts the rounds of such a loop by ones."""
    limit: Limit | None = None
    """Where that counter is when a strip is over, if the range has a known end."""


class Beginning(Record):
    """A block in which rounds begin."""

    label: str
    line: int
    """Its place in the text."""
    jumps: list[tuple[str, list[str]]] = field(factory=list)
    """The jumps back: the block that each leaves, and what the changing words are then.

    The last of the words is the number of rounds that are left.
    """

    def complete(self, lines: list[str], changing: list[tuple[str, str]], entry: str, initial: list[str]) -> None:
        """Writes what changes here, each with its name and part, and what it is after the block `entry`."""
        for index, (name, part) in enumerate(changing):
            kind = "double" if part == "double" else "i64"
            sources = ", ".join(f"[ {words[index]}, %{label} ]" for label, words in [(entry, initial), *self.jumps])
            lines[self.line] += f"\n  {name} = phi {kind} {sources}"


class LoopHead(Record, frozen=False):
    """Where the rounds of a loop begin, and what is assumed there."""

    entry: str
    """The block in front of it."""
    outer: Beginning
    inner: Beginning
    """The one that the body follows."""
    strips: Strips
    changing: list[Changing] = field(factory=list)
    assumed: dict[int, int] = field(factory=dict)
    """The kinds of registers."""
    numbers: set[int] = field(factory=set)
    """Registers that hold ints or floats, now this and now that."""
    virtual: dict[int, VirtualWord] = field(factory=dict)
    """Registers with virtual containers that change."""
    owned: list[int] = field(factory=list)
    """Registers whose containers have one holder."""
    lasting: dict[int, str] = field(factory=dict)
    """The payloads of those that are the same in each round, unless there `OWN` finds another holder, and clones."""
    otherwise: LoopHead | None = None
    """Where a round goes after which that is not so."""

    def add(self, number: int, part: str, name: str, initial: Word, slots: tuple[int, ...] = ()) -> Word:
        """A word that is `initial` in the first round."""
        word = Word(F64 if part == "double" else I64, name)
        self.changing.append(Changing(word, number, part, initial.text, slots))
        return word

    def complete(self, lines: list[str]) -> None:
        """Writes the beginnings of both heads, given the lines of the function."""
        strips, rounds = self.strips, str(STRIP_ROUNDS)
        in_strip = in_loop = [(item.word.text, item.part) for item in self.changing]
        left = [(strips.left.text, "rounds")]
        if self.inner.jumps:
            in_loop = [(f"{name}.strip", part) for name, part in in_strip]
            counted = left if strips.limit is None else []
            self.inner.complete(lines, in_strip + counted, self.outer.label, [*(name for name, _ in in_loop), rounds])
        counted = [] if strips.are_loops else left
        self.outer.complete(lines, in_loop + counted, self.entry, [*(item.initial for item in self.changing), rounds])
        if strips.limit is not None:
            places = [(item.number, item.part) for item in self.changing]
            counter, _ = in_loop[places.index((strips.limit.counter, "payload"))]
            lines[self.outer.line] += strips.limit.text(counter)
