"""How a program and the process that makes machine code for it speak with each other: see `workshop`."""

from __future__ import annotations

from io import FileIO
from marshal import dumps, loads

# Type checkers take this for true; importing `typing` to say so would slow down hot programs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from rufflang.jit.hot import Result

    # The number of a request, what came of it, and why it could not be looked at.
    Reply = tuple[int, Result | None, str]

READY = -1
"""Stands in the first reply instead of a request's number."""

_SIZE_BYTES = 4


def send(file: FileIO, message: Any) -> None:
    """Writes a message into a pipe.  Raises OSError when nobody reads there any more."""
    data = dumps(message)
    view = memoryview(len(data).to_bytes(_SIZE_BYTES, "little") + data)
    while view:
        view = view[file.write(view) or 0 :]


def receive(file: FileIO) -> Any:
    """The next message from a pipe; None at its end."""
    size = _read(file, _SIZE_BYTES)
    data = _read(file, int.from_bytes(size, "little")) if size else b""
    return loads(data) if data else None


def _read(file: FileIO, size: int) -> bytes:
    parts: list[bytes] = []
    while size > 0:
        part = file.read(size)
        if not part:
            return b""
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
