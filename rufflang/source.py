"""A source text: its file is read before anything else of a start, and hardly any start needs more of the syntax."""

from __future__ import annotations

import os

MAXIMUM_SOURCE_BYTES = 1_048_576
MOST_LINES = MAXIMUM_SOURCE_BYTES + 1


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


class UnreadableSource(Exception):
    """The file cannot be read or is not UTF-8; the text says why."""


class OversizeSource(Exception):
    """The file is larger than the language allows; the text is the parse error that this is."""


def read_source_file(path: str, shown: str | None = None) -> Source:
    """The source at `path`; messages will call it `shown`.

    Raises UnreadableSource or OversizeSource.
    """
    try:
        with open(path, "rb") as file:
            # One byte more than allowed tells an oversize file from one that just fits, however large.
            data = file.read(MAXIMUM_SOURCE_BYTES + 1)
            size = max(len(data), os.fstat(file.fileno()).st_size)
    except (OSError, ValueError) as error:
        raise UnreadableSource(_reason(error)) from None
    if size > MAXIMUM_SOURCE_BYTES:
        raise OversizeSource(oversize_message(size))
    try:
        return Source(path if shown is None else shown, data.decode("utf-8"))
    except UnicodeDecodeError:
        raise UnreadableSource("stream did not contain valid UTF-8") from None


def oversize_message(size: int) -> str:
    """The parse error of a source of that many bytes."""
    return f"Source size {size} bytes exceeds maximum allowed {MAXIMUM_SOURCE_BYTES} bytes"


def _reason(error: OSError | ValueError) -> str:
    """The system's text in the form that library errors use too."""
    if isinstance(error, OSError) and error.errno is not None:
        return f"{os.strerror(error.errno)} (os error {error.errno})"
    return str(error)
