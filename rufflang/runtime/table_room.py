"""How large the tables of dicts and sets are: twice as large when they are full, a power of two if with an index."""

from __future__ import annotations

from rufflang.lowpy import Ptr, count_leading_zeros, function, i64, u64
from rufflang.runtime.values import UNBOUND, Value

SMALL = 8  # up to so many entries are searched without an index
_LEAST = 4


@function
def wanted_room(count: i64, capacity: i64, additional: i64) -> i64:
    """For how many entries a full table should have room that has `count` which are alive and gets others.

    It is the old capacity where half of that would do: what has been removed leaves so much.
    """
    wanted = count + additional
    if wanted * 2 <= capacity:
        return capacity
    wanted = wanted if wanted > _LEAST else i64(_LEAST)
    return capacity * 2 if wanted < capacity * 2 else wanted


@function(inline=True)
def move_entries(old: Ptr[Value], room: Ptr[Value], used: i64, width: i64) -> i64:
    """Moves the entries that are alive, of so many values each, to new room, close together; gives their number."""
    kept = 0
    for entry in range(used):
        if old[entry * width].tag != UNBOUND:
            for part in range(width):
                room[kept * width + part] = old[entry * width + part]
            kept += 1
    return kept


@function(inline=True)
def index_bits(wanted: i64) -> i64:
    """Two to the power of how many entries an index is made for, if there shall be room for more than SMALL."""
    return 64 - i64(count_leading_zeros(u64(wanted - 1)))
