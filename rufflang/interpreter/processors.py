"""How many processors there are to work with, and how a thread gets out of the way of another one."""

from __future__ import annotations

import os
from io import FileIO

_QUOTA = "/sys/fs/cgroup/cpu.max"
"""Where a container says for how many microseconds its processes may run, and in how many."""

_PROCESSOR_FIELD = 36
"""Among the words of a thread's `stat` behind its name, which is in brackets: where it has run last."""


def usable_processors() -> int:
    """How many processors this process may keep busy, which in a container may be fewer than it may run on, even 0."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        with FileIO(_QUOTA) as file:
            quota, period = map(int, file.read().split())
        return min(count, quota // period)
    except (OSError, ValueError):
        return count  # There is no limit.


def step_aside(thread: int) -> None:
    """Has the calling thread go on on another processor than the one on which a thread of this process runs.

    The system may wake a thread where it was before, also if that takes the processor away from another one and there
    are idle ones; in a virtual machine it often does.  Does nothing where there is one processor, or no such request.
    """
    if not hasattr(os, "sched_setaffinity"):
        return
    try:
        allowed = os.sched_getaffinity(0)
        with FileIO(f"/proc/self/task/{thread}/stat") as file:
            taken = int(file.read().rpartition(b")")[2].split()[_PROCESSOR_FIELD])
        others = allowed - {taken}
        if others and others != allowed:
            os.sched_setaffinity(0, others)
            os.sched_setaffinity(0, allowed)
    except (OSError, ValueError, IndexError):
        return  # It is only a matter of speed.
