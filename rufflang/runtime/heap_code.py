"""Giving back the memory of code that only starting needed.

Before a program runs, much of Python has run: megabytes of machine code that nobody looks at for a while.  Its
pages are unchanged copies of files.  Giving them up loses nothing, and what is wanted after all is there
again at its first use.
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
from rufflang.runtime.heap_layout import Heap, heap_of
from rufflang.runtime.heap_system import IS_LINUX, SYSCONF_PAGE_SIZE, give_back_memory, system_sysconf
from rufflang.runtime.vm import VM

_LOADED = 1  # PT_LOAD
_WRITABLE = 2  # PF_W


class Segment(Struct):
    """An `Elf64_Phdr`: a part of a file that is in memory."""

    kind: u32
    access: u32
    place: i64
    address: i64  # counted from the file's first byte in memory
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
    page_mask = system_sysconf(i32(SYSCONF_PAGE_SIZE)) - 1
    for index in range(i64(file.segment_count)):
        segment = cast(Segment, offset(file.segments, index * size_of(Segment)))
        if segment.kind == _LOADED and segment.access & _WRITABLE == 0:
            before = segment.address & page_mask
            give_back_memory(offset(file.base, segment.address - before), segment.size + before)
    return 0


@function(cold=True)
def give_back_code(heap: Heap) -> None:
    """Gives up every page of code and constants in the process; again when the heap is twice as large."""
    heap.code_limit = heap.used_bytes * 2
    if IS_LINUX:
        system_for_each_file(address_of_function(_give_back_file), null(Ptr[u8]))


@function(export="ruff_own_process")
def own_process(vm: VM) -> None:
    """Says that the process has no other business than this VM's program."""
    heap_of(vm).code_limit = 0
