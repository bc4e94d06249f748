"""Places in a source text.

Everything that can complain about a program holds a `Span`: a half-open range of
character offsets with the line and column of its start, so that a message can be
located without the text and shown with it.
"""

from __future__ import annotations

from rufflang.records import Record


class Span(Record):
    """Characters `start` (inclusive) to `end` (exclusive); `line` and `column` are 1-based."""

    start: int
    end: int
    line: int
    column: int

    def to(self, other: Span) -> Span:
        """The span from the start of this one to the end of `other`."""
        return Span(self.start, other.end, self.line, self.column)
