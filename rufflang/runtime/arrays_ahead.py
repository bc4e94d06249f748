"""Asking for the memory of objects in an array before a loop over it comes to them.

Objects that were made one after the other still lie behind each other only until some of them are left out, sorted,
or put together with others.  Then each round of a loop would wait for its object, as the processor cannot guess where
the next ones are; the array knows.
"""

from __future__ import annotations

from rufflang.lowpy import cast, function, i64, offset, prefetch, select
from rufflang.runtime.arrays import array_words
from rufflang.runtime.heap_layout import CACHE_LINE
from rufflang.runtime.objects import ArrayObject, Object

_ROUNDS = 8  # ahead: about as many objects as a processor can wait for at the same time


@function(inline=True)
def approach_object(array: ArrayObject, position: i64) -> None:
    """Asks for the first line of an object that comes a few positions later in an array of objects, if one does."""
    prefetch(_coming(array, position))


@function(inline=True)
def approach_container(array: ArrayObject, position: i64) -> None:
    """`approach_object` for containers, which mostly have what they contain behind them."""
    coming = _coming(array, position)
    prefetch(coming)
    prefetch(offset(coming, CACHE_LINE))


@function(inline=True)
def _coming(array: ArrayObject, position: i64) -> Object:
    later = position + _ROUNDS
    return cast(Object, array_words(array)[select(later < array.length, later, position)])
