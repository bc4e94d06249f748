"""What the heap asks of the operating system: address space, memory, clock, stack bounds.

The numbers differ between Linux and macOS; they are plain constants of the compiled code.
"""

# mypy: disable-error-code="empty-body"

from __future__ import annotations

import sys

from rufflang.lowpy import Ptr, cast, external, function, i32, i64, is_null, literal, literal_size, u8, word

IS_LINUX = sys.platform == "linux"

NO_ACCESS = 0
READ_WRITE = 3
# MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
MAP_FLAGS = 0x4022 if IS_LINUX else 0x1042
DROP_PAGES = 4  # MADV_DONTNEED, on Linux
USE_HUGE_PAGES = 14  # MADV_HUGEPAGE, on Linux
HUGE_PAGE = 1 << 21
CLOCK_MONOTONIC = 1 if IS_LINUX else 6
SYSCONF_PAGE_SIZE = 30 if IS_LINUX else 29
SYSCONF_PHYSICAL_PAGES = 85 if IS_LINUX else 200
FIXED = 0x10  # MAP_FIXED
LIMIT_ADDRESS_SPACE = 9 if IS_LINUX else 5


@external("mmap")
def system_mmap(address: Ptr[u8], size: i64, access: i32, flags: i32, file: i32, start: i64) -> Ptr[u8]: ...


@external("munmap")
def system_munmap(address: Ptr[u8], size: i64) -> i32: ...


@external("mprotect")
def system_mprotect(address: Ptr[u8], size: i64, access: i32) -> i32: ...


@external("madvise")
def system_madvise(address: Ptr[u8], size: i64, advice: i32) -> i32: ...


@external("realloc")
def system_realloc(address: Ptr[u8], size: i64) -> Ptr[u8]: ...


@external("calloc")
def system_calloc(count: i64, size: i64) -> Ptr[u8]: ...


@external("free")
def system_free(address: Ptr[u8]) -> None: ...


@external("write")
def system_write(file: i32, data: Ptr[u8], size: i64) -> i64: ...


@external("_exit")
def system_exit(status: i32) -> None: ...


@external("clock_gettime")
def system_clock_gettime(clock: i32, result: Ptr[i64]) -> i32: ...


@external("sysconf")
def system_sysconf(name: i32) -> i64: ...


@external("getrlimit")
def system_getrlimit(resource: i32, limits: Ptr[i64]) -> i32: ...


@external("pthread_self")
def system_pthread_self() -> Ptr[u8]: ...


@external("pthread_getattr_np")
def system_pthread_getattr(thread: Ptr[u8], attributes: Ptr[u8]) -> i32: ...


@external("pthread_attr_getstack")
def system_pthread_attr_getstack(attributes: Ptr[u8], lowest: Ptr[i64], size: Ptr[i64]) -> i32: ...


@external("pthread_attr_destroy")
def system_pthread_attr_destroy(attributes: Ptr[u8]) -> i32: ...


@external("pthread_get_stackaddr_np")
def system_pthread_get_stackaddr(thread: Ptr[u8]) -> Ptr[u8]: ...


@external("pthread_get_stacksize_np")
def system_pthread_get_stacksize(thread: Ptr[u8]) -> i64: ...


@function
def map_failed(address: Ptr[u8]) -> bool:
    """Whether mmap gave MAP_FAILED."""
    return word(address) == -1


@function(cold=True)
def end_out_of_memory() -> None:
    """Ends the process: the operating system has no memory left to give."""
    system_write(2, literal("ruff: out of memory\n"), literal_size("ruff: out of memory\n"))
    system_exit(4)


@function
def needed_memory(count: i64, size: i64) -> Ptr[u8]:
    """Cleared memory for the tables of a VM that is being set up, where no error can be raised yet."""
    memory = system_calloc(count, size)
    if is_null(memory):
        end_out_of_memory()
    return memory


@function
def give_back_memory(address: Ptr[u8], size: i64) -> bool:
    """Returns whole pages to the system; True when they read as zero from now on."""
    if IS_LINUX:
        return system_madvise(address, size, DROP_PAGES) == 0
    return not map_failed(system_mmap(address, size, READ_WRITE, MAP_FLAGS | FIXED, -1, 0))


@function
def prefer_huge_pages(start: Ptr[u8], end: Ptr[u8]) -> None:
    """Asks for huge pages in a range that will be used as a whole; what it has already stays as it is.

    Getting and clearing one costs a fifth of what as many small ones cost.  Those at the ends of the range, which
    others use too, stay small.
    """
    if IS_LINUX:
        first = (word(start) + (HUGE_PAGE - 1)) & -HUGE_PAGE
        size = (word(end) & -HUGE_PAGE) - first
        if size > 0:
            system_madvise(cast(Ptr[u8], first), size, USE_HUGE_PAGES)
