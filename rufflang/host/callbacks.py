"""C functions through which native code reaches Python: output, text the VM has no tables for, input."""

from __future__ import annotations

import _thread
import os
import sys

from rufflang.foreign import address_of, string_at
from rufflang.host.native import TEXT_CALLBACK, WRITE_CALLBACK, NativeFunctions

# Type checkers take this for true; importing `collections` would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

STANDARD_OUTPUT = 1
LONGEST_WRITE_SECONDS = 5.0
STOP_FAULT = 8


class HostCallbacks:
    """Keeps the callbacks alive; their addresses are `write` and `text`."""

    def __init__(self, functions: NativeFunctions, denial: Callable[[str], str]) -> None:
        """`denial` words the error of a builtin, given its name, that may not be called."""
        self.functions = functions
        self._denial = denial
        self.output_error: OSError | None = None
        """Why standard output cannot be written any more; the program was asked to stop then."""
        self._write = WRITE_CALLBACK(self._on_write)
        self._text = TEXT_CALLBACK(self._on_text)
        self.write = address_of(self._write)
        self.text = address_of(self._text)

    def is_watched(self) -> bool:
        """Whether somebody watches the output, so that each print should appear at once."""
        try:
            return sys.stdout is not None and sys.stdout.isatty()
        except ValueError:
            return False

    def _on_write(self, vm: int, descriptor: int, data: int, size: int) -> None:
        is_output = descriptor == STANDARD_OUTPUT
        if is_output and self.output_error is not None:
            return
        try:
            _write_all(sys.stdout if is_output else sys.stderr, string_at(data, size))
        except OSError as error:
            if is_output:
                self.output_error = error
                self.functions.ruff_request_stop(vm, STOP_FAULT)
        except ValueError:
            return  # the stream was closed by whoever runs us: nobody wants the output

    def _on_text(self, vm: int, operation: int, string: int) -> int:
        # Most programs need nothing of this.
        from rufflang.host.text_answers import text_answer

        return text_answer(self.functions, vm, operation, string, self._denial)


_writing = _thread.allocate_lock()


def _write_all(stream: object, content: bytes) -> None:
    """Writes bytes behind what Python itself has written to the stream; a missing stream swallows them.

    Two VMs do not write at the same time, unless one hangs: what one print shows stays together.
    """
    is_mine = _writing.acquire(timeout=LONGEST_WRITE_SECONDS)
    try:
        _write_now(stream, content)
    finally:
        if is_mine:
            _writing.release()


def _write_now(stream: object, content: bytes) -> None:
    if stream is None:
        return
    assert hasattr(stream, "flush") and hasattr(stream, "fileno") and hasattr(stream, "write")
    stream.flush()
    try:
        descriptor = stream.fileno()
    except OSError:
        # A stream that exists in Python only.
        stream.write(content.decode("utf-8", "replace"))
        return
    view = memoryview(content)
    while view:
        try:
            view = view[os.write(descriptor, view) :]
        except BlockingIOError:
            _wait_until_writable(descriptor)


def _wait_until_writable(descriptor: int) -> None:
    from select import select

    select([], [descriptor], [])
