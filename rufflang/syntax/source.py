"""A source text, which every start needs, while hardly any needs positions in it."""

from __future__ import annotations


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
