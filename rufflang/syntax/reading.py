"""Reading source files, and what can be wrong with a file before the lexer sees its text."""

from __future__ import annotations

import os

from rufflang.syntax.source import Source

MAXIMUM_SOURCE_BYTES = 1_048_576


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
