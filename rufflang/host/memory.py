"""How much memory a program may use when nobody says so, and how an amount is written."""

from __future__ import annotations

import os

_MEGABYTE = 1 << 20
_GROUP_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def default_memory_limit() -> int:
    """Three quarters of what the machine or the process's control group has, in whole megabytes.

    0 if that cannot be found out.
    """
    amounts = [amount for amount in (_machine_memory(), *map(_group_limit, _GROUP_LIMITS)) if amount > 0]
    return min(amounts) // 4 * 3 // _MEGABYTE * _MEGABYTE if amounts else 0


def _machine_memory() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):
        return 0


def _group_limit(place: str) -> int:
    try:
        with open(place, "rb", buffering=0) as file:
            text = file.read(40).strip()
    except OSError:
        return 0
    return int(text) if text.isdigit() else 0
