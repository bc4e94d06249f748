"""What the interpreter has noted in the cache words of field accesses and method calls.

The layout of those words is in `interpreter.shape_cache` and `interpreter.feedback`.
"""

from __future__ import annotations

from rufflang.interpreter.feedback import CLONES
from rufflang.interpreter.shape_cache import (
    FIELD_SHAPE_SHIFT,
    FIRST_FIELD,
    FURTHER,
    LOW_HALF,
    MANY,
    METHOD,
    NUMBER_SHIFT,
    SHAPE_SHIFT,
    SHORT,
)
from rufflang.records import Record

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_RARE_CLONES = 4


class FieldPlaces(Record):
    """The place of a field for each shape seen, as far as these are remembered."""

    by_shape: dict[int, int]
    is_single: bool
    """Whether there was one shape only."""


class Method(Record):
    """A method that a call has reached: its receiver's shape, its slot there, and its number as a chunk."""

    shape: int
    slot: int
    number: int


def field_places(words: Sequence[int], cache: int) -> FieldPlaces:
    """What the field access whose cache begins at `cache` has seen."""
    entries = [words[cache + FIRST_FIELD], *words[cache : cache + FURTHER]]
    places = {entry >> FIELD_SHAPE_SHIFT: entry & LOW_HALF for entry in entries if entry >> FIELD_SHAPE_SHIFT}
    return FieldPlaces(places, len(places) == 1 and not words[cache] & MANY)


class MethodsCalled(Record):
    """The method for each shape seen, as far as these are remembered."""

    methods: dict[int, Method]
    is_single: bool
    """Whether there was one shape only."""


def methods_called(words: Sequence[int], cache: int) -> MethodsCalled:
    """What the method call whose cache begins at `cache` has reached."""
    last = words[cache + METHOD]
    methods = [Method(words[cache] >> 32, last & LOW_HALF, last >> 32)]
    for entry in words[cache + 1 : cache + METHOD]:
        methods.append(Method(entry >> SHAPE_SHIFT, entry & LOW_HALF, entry >> NUMBER_SHIFT & (SHORT - 1)))
    by_shape = {method.shape: method for method in methods if method.shape}
    return MethodsCalled(by_shape, len(by_shape) == 1 and not words[cache] & MANY)


def clones_are_rare(word: int) -> bool:
    """Whether what is about to be written has seldom been shared, by the cache word of an `OWN` opcode."""
    return (word & CLONES).bit_count() < _RARE_CLONES
