"""How large the tables of dicts and sets are: what a full one grows to, and which index it has."""

from __future__ import annotations

from rufflang.lowpy import count_leading_zeros, function, i64, u64

SMALL = 8  # up to so many entries are searched without an index
_LEAST = 2  # there are many of them where there are small ones
_FEW = 4
_FEW_BITS = 9  # of a table up to two to the power of which entries are few
_MANY_BITS = 12  # the same, beyond which they are many


@function
def wanted_room(count: i64, capacity: i64, additional: i64) -> i64:
    """For how many entries a full table should have room that has `count` which are alive and gets others.

    It is the old capacity where half of that would do: what has been removed leaves so much.  Else it is more, and how
    much more is decided by the sizes that such tables have.
    """
    wanted = count + additional
    if wanted * 2 <= capacity:
        return capacity
    if wanted <= capacity:
        wanted = capacity + 1
    if wanted > SMALL:
        return wanted
    if wanted > _FEW:
        return SMALL
    return i64(_FEW) if wanted > _LEAST else i64(_LEAST)


@function(inline=True)
def index_bits(wanted: i64) -> i64:
    """Two to the power of how many entries an index is made for, if there shall be room for more than SMALL."""
    return 64 - i64(count_leading_zeros(u64(wanted - 1)))


@function(inline=True)
def rounded_room(wanted: i64) -> i64:
    """For how many entries a table has room.

    One that is neither small nor large grows by a half and by a third in turn, and once each step is a few kilobytes
    by about half of that, as programs have many such tables.  A large one is doubled: it takes memory only as it puts
    something there.
    """
    if wanted <= SMALL:
        return wanted
    bits = index_bits(wanted)
    if bits > _MANY_BITS:
        return 1 << bits
    step = 1 << (bits - 2 if bits <= _FEW_BITS else bits - 3)
    return (wanted + step - 1) & -step
