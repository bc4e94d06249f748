"""Text streams of a run: always UTF-8, always `\\n`, whatever the host's streams would do."""

from __future__ import annotations

from typing import TextIO


class Port:
    """One of the three standard streams, or a replacement given by the host."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._binary = getattr(stream, "buffer", None)
        self._interactive = stream.isatty()
        if self._binary is not None and stream.writable():
            stream.flush()

    def write(self, text: str) -> None:
        """Writes `text` as it is."""
        if self._binary is None:
            self._stream.write(text)
        else:
            self._binary.write(text.encode("utf-8", "surrogatepass"))
        if self._interactive:
            self.flush()

    def flush(self) -> None:
        """Hands everything written so far to the operating system."""
        (self._binary or self._stream).flush()

    def read_line(self) -> str:
        """The next line without trailing white space; empty at the end of input."""
        return self._stream.readline().rstrip()
