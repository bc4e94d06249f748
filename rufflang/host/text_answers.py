"""Answers to what the VM asks the host for that is a text: what it has no tables for, input, what was denied."""

from __future__ import annotations

# Type checkers take this for true; importing `collections` would slow down programs that ask for little.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

UPPER, LOWER, CAPITALIZE, READ_LINE, DENIAL, SLUG, CAMEL_CASE, SNAKE_CASE = 0, 1, 2, 3, 4, 5, 6, 7


def answered(operation: int, text: str, denial: Callable[[str], str], is_asked_to_stop: Callable[[], bool]) -> str:
    """The answer; `denial` words the error of a builtin, given its name, that may not be called."""
    if operation == DENIAL:
        return denial(text)
    if operation == READ_LINE:
        from rufflang.host.standard_input import read_line

        return read_line(is_asked_to_stop)
    return _transform(operation, text)


def _transform(operation: int, text: str) -> str:
    if operation == UPPER:
        return text.upper()
    if operation == LOWER:
        return text.lower()
    if operation == CAPITALIZE:
        return text[:1].upper() + text[1:].lower()
    return _named(operation, text)


def _named(operation: int, text: str) -> str:
    from rufflang.host import naming_styles

    if operation == SLUG:
        return naming_styles.slug(text)
    return naming_styles.camel_case(text) if operation == CAMEL_CASE else naming_styles.snake_case(text)
