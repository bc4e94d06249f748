"""Source text and positions in it.

Everything that can complain about a program holds a `Span`: a half-open range of
character offsets with the line and column of its start, so that a message can be
located without the text and shown with it.
"""

from __future__ import annotations

from rufflang.syntax.records import Record


class Span(Record):
    """Characters `start` (inclusive) to `end` (exclusive); `line` and `column` are 1-based."""

    start: int
    end: int
    line: int
    column: int

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of `other`."""
        return Span(self.start, other.end, self.line, self.column)


class Source:
    """A text with the name shown in messages (the path as the user gave it)."""

    __slots__ = ("_lines", "name", "text")

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self._lines: list[str] | None = None

    def __repr__(self) -> str:
        return f"Source({self.name!r}, {len(self.text)} characters)"

    def line(self, number: int) -> str:
        """The text of 1-based line `number` without its line end; empty when there is none."""
        if self._lines is None:
            normalised = self.text.replace("\r\n", "\n").replace("\r", "\n")
            self._lines = normalised.split("\n")
        return self._lines[number - 1] if 1 <= number <= len(self._lines) else ""
