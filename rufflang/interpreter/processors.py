"""How many processors there are to work with."""

from __future__ import annotations

import os
from io import FileIO

_QUOTA = "/sys/fs/cgroup/cpu.max"
"""Where a container says for how many microseconds its processes may run, and in how many."""


def usable_processors() -> int:
    """How many processors this process may keep busy, which in a container may be fewer than it may run on, even 0."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        with FileIO(_QUOTA) as file:
            quota, period = map(int, file.read().split())
        return min(count, quota // period)
    except (OSError, ValueError):
        return count  # There is no limit.
