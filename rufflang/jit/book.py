"""The book of a program: what has been made for each of its functions and loops, and when that may be used.

A book is read at the first request of a program, which waits meanwhile.  So only the places of records are
looked for then, and a record is checked and unpacked when somebody wants what it says.  Several processes
may write into one book, so each adds to its end, in one piece, and what was written last counts.

A book stays when its program is edited, and gets records of what is new then.  Once it is large, those are left out
that are about functions as they are no more.
"""

from __future__ import annotations

import os
from marshal import dumps, loads

from rufflang.interpreter.source_stamp import short_digest

# Type checkers take this for true; importing `typing` to say so would slow down hot programs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from rufflang.jit.hot import Result

    # See `Conditions`.
    Masks = tuple[int, int, int]
    Answer = tuple[object, ...]
    # Of a struct, by its number: what it looks like (see `StructFacts`), None if that was not known; the places among
    # its methods, with the numbers of these.
    Expected = tuple[int, bytes | None, tuple[tuple[int, int], ...]]
    Packed = tuple[
        bytes, tuple[int, int], Masks, int, tuple[int, ...], tuple[tuple[int, int], ...],
        tuple[tuple[str, int, Answer], ...],
    ]  # fmt: skip
    Key = tuple[int, int]
    # Packed conditions, whether it replaced code whose assumptions had failed, and what was made.
    Entry = tuple[Packed, bool, Result]

LARGE_BOOK = 1 << 18
"""Each time that a book gets as long as so many bytes, twice as many, and so on, it should be shortened."""

_MAXIMUM_VARIANTS = 8
_HEAD = 16
"""Bytes before the entry in a record: a checksum of what follows; the size of the entry; its key, two numbers."""


class Book:
    """The records of one file, by number and place of what the code is for."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._data = b""
        self._starts: dict[bytes, list[int]] = {}
        self._entries: dict[bytes, list[Entry]] = {}
        self._size = -1

    def refresh(self) -> None:
        """Reads the file if anything was added since the last time."""
        if self._size < 0 or self._size != self._size_now():
            self.read()

    def read(self) -> None:
        """Finds the records.  Behind a damage there is nothing."""
        try:
            with open(self._path, "rb", buffering=0) as file:
                data = file.read()
        except OSError:
            data = b""
        self._data, self._size = data, len(data)
        self._entries = {}
        starts: dict[bytes, list[int]] = {}
        start, end = 0, len(data)
        while start + _HEAD <= end:
            starts.setdefault(data[start + 8 : start + _HEAD], []).append(start)
            start += _HEAD + int.from_bytes(data[start + 4 : start + 8], "little")
        self._starts = starts

    def entries(self, key: Key) -> list[Entry]:
        """What stands there under a key; what was entered last stands last."""
        name = _packed(key)
        found = self._entries.get(name)
        if found is None:
            found = self._entries[name] = []
            for start in self._starts.get(name, ())[-_MAXIMUM_VARIANTS:]:
                entry = self._entry(start)
                if entry is not None:
                    found[:] = [item for item in found if item[0] != entry[0]]
                    found.append(entry)
        return found

    def _entry(self, start: int) -> Entry | None:
        size = int.from_bytes(self._data[start + 4 : start + 8], "little")
        checked = self._data[start + 4 : start + _HEAD + size]
        if len(checked) < _HEAD - 4 + size or _checksum(checked) != self._data[start : start + 4]:
            return None
        entry: Entry = loads(checked[_HEAD - 4 :])
        return entry

    def add(self, key: Key, entry: Entry) -> bool:
        """Writes a record; whether the book should be shortened now."""
        plain: Any = entry
        data = dumps(plain)
        checked = len(data).to_bytes(4, "little") + _packed(key) + data
        try:
            with open(self._path, "ab", buffering=0) as file:
                before = file.tell()
                after = before + (file.write(_checksum(checked) + checked) or 0)
        except OSError:
            return False
        return (before // LARGE_BOOK).bit_length() != (after // LARGE_BOOK).bit_length()

    def shorten(self, identity_of: Callable[[int], bytes | None]) -> None:
        """Leaves out what nobody looks at, and what is about other functions than there are now.

        What somebody else adds meanwhile is lost.
        """
        from rufflang.interpreter.cache_files import write_file

        self.read()
        starts = sorted(start for starts in self._starts.values() for start in starts[-_MAXIMUM_VARIANTS:])
        kept = [record for start in starts if (record := self._record_if_current(start, identity_of))]
        write_file(self._path, b"".join(kept))

    def _record_if_current(self, start: int, identity_of: Callable[[int], bytes | None]) -> bytes:
        entry = self._entry(start)
        size, number = (int.from_bytes(self._data[start + place : start + place + 4], "little") for place in (4, 8))
        is_current = entry is not None and identity_of(number) == entry[0][0]
        return self._data[start : start + _HEAD + size] if is_current else b""

    def _size_now(self) -> int:
        try:
            return os.stat(self._path).st_size
        except OSError:
            return 0


def _checksum(data: bytes) -> bytes:
    return short_digest(data)[:4]


def _packed(key: Key) -> bytes:
    number, place = key
    return number.to_bytes(4, "little") + place.to_bytes(4, "little", signed=True)
