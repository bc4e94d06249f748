"""Answers to what the VM asks the host for that is a text: what it has no tables for, input, what was denied."""

from __future__ import annotations

# Type checkers take this for true; importing `collections` would slow down programs that ask for little.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from rufflang.host.native import NativeFunctions

UPPER, LOWER, CAPITALIZE, READ_LINE, DENIAL, SLUG, CAMEL_CASE, SNAKE_CASE = 0, 1, 2, 3, 4, 5, 6, 7


def text_answer(functions: NativeFunctions, vm: int, operation: int, string: int, denial: Callable[[str], str]) -> int:
    """The answer to a string of the VM, another one.

    `denial` words the error of a builtin, given its name, that may not be called.
    """
    text = functions.text(string) if string else ""
    if operation == DENIAL:
        answer = denial(text)
    elif operation == READ_LINE:
        from rufflang.host.standard_input import read_line

        answer = read_line(lambda: bool(functions.ruff_is_asked_to_stop(vm)))
    else:
        answer = _transform(operation, text)
    encoded = answer.encode("utf-8", "replace")
    result: int = functions["strings.new_string"](vm, encoded, len(encoded))
    return result


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
