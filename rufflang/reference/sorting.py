"""Putting values in order, just as the VM does it.

Where not all elements have an order among each other, numbers beside texts or nan, what comes out depends on which of
them are compared.  So this compares the same ones: runs of a fixed length, each sorted by insertion, are merged.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

_RUN = 64
"""Elements that are sorted by insertion."""

_Item = TypeVar("_Item")
_Before = Callable[[_Item, _Item], bool]


def in_order(items: list[_Item], before: _Before[_Item]) -> list[_Item]:
    """The items in ascending order; those that are not `before` each other either way keep theirs, if they can."""
    runs = [_sorted_run(items[start : start + _RUN], before) for start in range(0, len(items), _RUN)]
    while len(runs) > 1:
        runs = [_merged(*runs[index : index + 2], before=before) for index in range(0, len(runs), 2)]
    return runs[0] if runs else []


def _sorted_run(items: list[_Item], before: _Before[_Item]) -> list[_Item]:
    ordered = _ordered_start(items, before)
    for item in items[len(ordered) :]:
        low, high = 0, len(ordered)
        while low < high:
            middle = (low + high) // 2
            if before(item, ordered[middle]):
                high = middle
            else:
                low = middle + 1
        ordered.insert(low, item)
    return ordered


def _ordered_start(items: list[_Item], before: _Before[_Item]) -> list[_Item]:
    """As many of the first items as are in ascending order, or, turned round, in strictly descending order."""
    descends = len(items) > 1 and before(items[1], items[0])
    length = min(len(items), 2)
    while length < len(items) and before(items[length], items[length - 1]) == descends:
        length += 1
    return items[:length][::-1] if descends else items[:length]


def _merged(left: list[_Item], right: list[_Item] | None = None, *, before: _Before[_Item]) -> list[_Item]:
    if right is None or not before(right[0], left[-1]):
        return left + (right or [])
    found: list[_Item] = []
    first = second = 0
    while first < len(left) and second < len(right):
        if before(right[second], left[first]):
            found.append(right[second])
            second += 1
        else:
            found.append(left[first])
            first += 1
    return found + left[first:] + right[second:]
