"""Something done for the next run of a program when it is over, for which nobody waits: a copy of its process does it.

To import what is needed for it takes longer than copying a process.
"""

from __future__ import annotations

import os
from time import sleep

# Type checkers take this for true; importing `typing` to say so would slow down hot programs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_GRACE_SECONDS = 0.01
"""The end of the program should not have to share a processor, or its pages, with what is done afterwards."""


def do_in_copy(task: Callable[[], None], files: Iterable[int]) -> bool:
    """Leaves a copy of this process that does something and ends, for which it needs some files; whether there is one.

    What other threads are doing at this moment must be of no importance to it.
    """
    try:
        copy = os.fork()
    except OSError:
        return False
    if copy == 0:
        try:
            _part_with_program(files)
            task()
        finally:
            os._exit(0)
    return True


def _part_with_program(files: Iterable[int]) -> None:
    """Makes this copy of the process one of which the program's surroundings see nothing."""
    # First, since whoever reads what the program prints may be waiting for its end.
    null = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(null, stream)
    sleep(_GRACE_SECONDS)
    from rufflang.jit.starting import detach, give_way

    detach(files)
    give_way()
