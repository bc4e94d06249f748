"""Tests of a value's kind, each with the value as it is known where the test has succeeded."""

from __future__ import annotations

from rufflang.jit.request import NUMBERS, single_kind
from rufflang.jit.words import is_number, number_tag, value
from rufflang.lowpy.types import BOOL
from rufflang.lowpy.values import Aggregate, Word, constant_word

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.jit.emitter import JitEmitter

Test = tuple[Word, Aggregate]


def of_kind(emitter: JitEmitter, item: Aggregate, kind: int) -> Test:
    """Whether a value is of a kind."""
    return emitter.compare("eq", item.words[0], emitter.number(kind)), value(kind, item.words[1])


def of_kinds_seen(emitter: JitEmitter, item: Aggregate, kinds: int) -> Test | None:
    """Whether a value is of the kinds in a feedback bit set; None where these are not worth speculating on."""
    if kinds == NUMBERS:
        return _number(emitter, item)
    kind = single_kind(kinds)
    return None if kind is None else of_kind(emitter, item, kind)


def _number(emitter: JitEmitter, item: Aggregate) -> Test:
    """Whether a value is an int or a float."""
    if is_number(item):
        return constant_word(BOOL, True), item
    return emitter.is_number(item.words[0]), value(number_tag(item.words[0]), item.words[1])
