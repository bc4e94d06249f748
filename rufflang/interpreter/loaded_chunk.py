"""A chunk that is in a VM: what the host and the JIT must remember of it."""

from __future__ import annotations

from array import array
from typing import Protocol

from rufflang.bytecode.chunk import Chunk
from rufflang.records import Record


class LoadedChunk(Record, frozen=False):
    """A chunk in the VM, and its code as loaded."""

    chunk: Chunk
    code: array[int]


class Chunks(Protocol):
    """All chunks of a VM in order; the VM knows each by a number besides (`runtime.functions_numbers`)."""

    def __getitem__(self, index: int, /) -> LoadedChunk: ...

    def index_of(self, number: int, /) -> int:
        """The index of the chunk with a number; -1 if there is none."""
        ...

    def address_of(self, number: int, /) -> int:
        """Where the VM has the chunk with a number, 0 if there is none; needs nothing of the compiler's own form."""
        ...

    def stored_units(self, known: int, /) -> list[tuple[list[int], bytes]]:
        """Of every loaded unit but the first `known`, in order, the numbers of its chunks and its stored form."""
        ...
