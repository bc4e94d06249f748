"""How the stacks and the heap of a VM share what is left of the process's address space.

Where the system limits it (`ulimit -v`), a VM must not take nearly everything: spawned blocks want some, and those
that run already, like Python itself, need some at any time and have no way to go on without.  So the sizes are
computed from what is left, and some is left alone; trying how much there is would leave nothing to others for a
moment.
"""

from __future__ import annotations

import os

from rufflang.host.deep_stack import NATIVE_STACK_BYTES
from rufflang.host.machine import LEAST_VALUE_STACK_BYTES, VALUE_STACK_BYTES, Sizes

LEFT_ALONE_BYTES = 96 << 20
"""More than what a block needs while it is set up, with room for the C library to give its thread a pool."""
STACK_SHARE, HEAP_SHARE = 8, 2
"""Each stack gets an eighth of the rest and the heap one half; its tables and stacks of tasks need some, too."""


def sizes_for_program(room: int | None) -> Sizes:
    """What the VM of a program may take when there is so much room: as much as possible where that is little."""
    if room is None:
        return Sizes()
    stack = 1 << max(room // STACK_SHARE, LEAST_VALUE_STACK_BYTES).bit_length() - 1  # halved later without a remainder
    return Sizes(min(VALUE_STACK_BYTES, stack), min(NATIVE_STACK_BYTES, stack), room // HEAP_SHARE)


def sizes_for_block(room: int | None) -> Sizes:
    """What a spawned block may take.  Raises MemoryError when that is too little to run it."""
    rest = None if room is None else room - LEFT_ALONE_BYTES
    if rest is not None and rest < LEAST_VALUE_STACK_BYTES * STACK_SHARE:
        raise MemoryError("this process may not have enough memory to run a spawned block")
    return sizes_for_program(rest)


def room_within(limit: int) -> int | None:
    """How many more bytes of address space the process may take; None if that cannot be known."""
    try:
        with open("/proc/self/statm", "rb") as file:
            pages = int(file.read().split()[0])
    except (OSError, ValueError):
        return None
    return max(0, limit - pages * os.sysconf("SC_PAGE_SIZE"))
