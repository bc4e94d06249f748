"""Giving back the memory of code that only starting needed.

Until a program runs, much of Python has run: megabytes of machine code that nobody looks at again for a while.  These
pages are copies of files, so that giving them up loses nothing: one that is wanted after all is there again at its
first use.
"""

# mypy: disable-error-code="empty-body"

from __future__ import annotations

from rufflang.lowpy import (
    Ptr,
    Struct,
    address_of_function,
    cast,
    external,
    function,
    i32,
    i64,
    null,
    offset,
    size_of,
    u8,
    u16,
    u32,
)
from rufflang.runtime.heap_system import IS_LINUX, give_back_memory

_LOADED = 1  # PT_LOAD
_WRITABLE = 2  # PF_W
_PAGE_MASK = 4095


class Segment(Struct):
    """An `Elf64_Phdr`: a part of a file that is in memory."""

    kind: u32
    access: u32
    place: i64
    address: i64  # relative to that of the whole
    physical: i64
    file_size: i64
    size: i64
    alignment: i64


class LoadedFile(Struct):
    """A `dl_phdr_info`: a library, or the program."""

    base: Ptr[u8]
    name: Ptr[u8]
    segments: Ptr[u8]
    segment_count: u16


@external("dl_iterate_phdr")
def system_for_each_file(visit: Ptr[u8], data: Ptr[u8]) -> i32: ...


@function
def _give_back_file(file: LoadedFile, size: i64, data: Ptr[u8]) -> i32:
    for index in range(i64(file.segment_count)):
        segment = cast(Segment, offset(file.segments, index * size_of(Segment)))
        if segment.kind == _LOADED and segment.access & _WRITABLE == 0:
            before = segment.address & _PAGE_MASK
            give_back_memory(offset(file.base, segment.address - before), segment.size + before)
    return 0


@function(cold=True)
def give_back_code() -> None:
    """Gives up every page of code and constants of the process."""
    if IS_LINUX:
        system_for_each_file(address_of_function(_give_back_file), null(Ptr[u8]))
