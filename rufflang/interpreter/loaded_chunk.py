"""A chunk that is in a VM: what the host and the JIT must remember of it."""

from __future__ import annotations

from array import array
from typing import Protocol

from rufflang.bytecode.chunk import Chunk
from rufflang.records import Record


class LoadedChunk(Record, frozen=False):
    """A chunk in the VM: its address there, its number, and its code as loaded."""

    chunk: Chunk
    address: int
    number: int
    code: array[int]


class Chunks(Protocol):
    """All chunks of a VM by their numbers."""

    def __len__(self) -> int: ...

    def __getitem__(self, number: int, /) -> LoadedChunk: ...

    def address_of(self, number: int, /) -> int:
        """Where the VM has a chunk; needs nothing of the compiler's own form."""
        ...

    def identity_of(self, number: int, /) -> tuple[str, int]:
        """A digest of the unit that a chunk belongs to, and its number there."""
        ...

    def stored_units(self, known: int, /) -> list[tuple[str, bytes]]:
        """The digest and the stored form of every loaded unit but the first `known`, in order."""
        ...
