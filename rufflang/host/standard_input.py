"""Reading lines of standard input in a way that the end of a program's time, or Ctrl-C, can break off.

Python cannot be told to stop waiting for a line.  So the descriptor is waited for, a moment at a time, and then what
has come is taken out of Python's buffer up to the end of the line: who reads the stream afterwards finds the rest.
Where that cannot be done, Python waits for the line, and nothing breaks that off.  So it is with streams that exist
in Python only, and with those of which Python has read text: some of that may lie where only Python finds it.
"""

from __future__ import annotations

import _thread
import io
import sys
from collections.abc import Callable

LONGEST_WAIT = 0.05
"""Seconds until the next look at whether to break off."""
MOST_DESCRIPTORS = 1024

_reading = _thread.allocate_lock()


def read_line(must_stop: Callable[[], bool]) -> str:
    """The next line of standard input without trailing white space; "" at its end, or when broken off."""
    try:
        reader = _reader_of(sys.stdin)
        if reader is None:
            return sys.stdin.readline().rstrip() if sys.stdin is not None else ""
        while not _reading.acquire(timeout=LONGEST_WAIT):
            if must_stop():
                return ""
        try:
            return reader.read_line(must_stop).rstrip()
        finally:
            _reading.release()
    except (OSError, ValueError):
        return ""


class _LineReader:
    """Takes lines out of a stream's buffer."""

    def __init__(self, stream: io.TextIOWrapper, buffer: io.BufferedReader) -> None:
        self.stream = stream
        self._buffer = buffer
        self._has_more = False
        """Whether the buffer is known to hold something, so that there is nothing to wait for."""

    def read_line(self, must_stop: Callable[[], bool]) -> str:
        """The next line; "" at the end, or when broken off: then what has come of it is dropped."""
        line = b""
        while not line.endswith(b"\n"):
            if not self._has_more and not self._wait(must_stop):
                return ""
            ready = self._buffer.peek()
            if not ready:
                break
            size = ready.find(b"\n") + 1 or len(ready)
            line += self._buffer.read(size)
            self._has_more = size < len(ready)
        return line.decode("utf-8", self.stream.errors or "strict")

    def _wait(self, must_stop: Callable[[], bool]) -> bool:
        from select import select

        while not select([self._buffer], [], [], LONGEST_WAIT)[0]:
            if must_stop():
                return False
        return True


_last: _LineReader | None = None


def _reader_of(stream: object) -> _LineReader | None:
    """The reader of a stream, or None where only Python itself can read lines."""
    global _last
    if not isinstance(stream, io.TextIOWrapper) or not isinstance(stream.buffer, io.BufferedReader):
        return None
    if stream.encoding.lower().replace("-", "") != "utf8" or stream.fileno() >= MOST_DESCRIPTORS:
        return None
    try:
        stream.reconfigure(errors=stream.errors)  # refused once text has been read
    except io.UnsupportedOperation:
        return None
    if _last is None or _last.stream is not stream:
        _last = _LineReader(stream, stream.buffer)
    return _last
