"""C functions through which native code reaches Python: output, text the VM has no tables for, input."""

from __future__ import annotations

import ctypes
import os
import sys

from rufflang.host.native import TEXT_CALLBACK, WRITE_CALLBACK, NativeFunctions

UPPER, LOWER, CAPITALIZE, INPUT = 0, 1, 2, 3


class HostCallbacks:
    """Keeps the callbacks alive; their addresses are `write`, `text` and `call`."""

    def __init__(self, functions: NativeFunctions) -> None:
        self.functions = functions
        self._write = WRITE_CALLBACK(self._on_write)
        self._text = TEXT_CALLBACK(self._on_text)
        self.write = ctypes.cast(self._write, ctypes.c_void_p)
        self.text = ctypes.cast(self._text, ctypes.c_void_p)
        self.call = None

    def _on_write(self, vm: int, descriptor: int, data: int, size: int) -> None:
        stream = sys.stdout if descriptor == 1 else sys.stderr
        content = ctypes.string_at(data, size)
        try:
            stream.flush()
            view = memoryview(content)
            while view:
                view = view[os.write(stream.fileno(), view) :]
        except (OSError, ValueError):
            stream.write(content.decode("utf-8", "replace"))

    def _on_text(self, vm: int, operation: int, string: int) -> int:
        text = self.functions.text(string) if string else ""
        encoded = _transform(operation, text).encode("utf-8", "replace")
        result: int = self.functions["strings.new_string"](vm, encoded, len(encoded))
        return result


def _transform(operation: int, text: str) -> str:
    if operation == UPPER:
        return text.upper()
    if operation == LOWER:
        return text.lower()
    if operation == CAPITALIZE:
        return text[:1].upper() + text[1:].lower()
    return _read_line(text)


def _read_line(prompt: str) -> str:
    sys.stdout.write(prompt)
    sys.stdout.flush()
    return sys.stdin.readline().rstrip()


