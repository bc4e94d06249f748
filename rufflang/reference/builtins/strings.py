"""Built-ins on strings (`stdlib.md` section 6); those that also take arrays are in `collections`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rufflang.reference.builtins.checks import demand_room, text, whole_number
from rufflang.reference.builtins.registry import builtin
from rufflang.reference.display import debug_text, display, float_text
from rufflang.reference.errors import RuffError
from rufflang.reference.operators import is_number, truncated
from rufflang.reference.values import ArrayValue, Value

if TYPE_CHECKING:
    from rufflang.reference.machine import Machine

WHITE_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a" \
    "\u2028\u2029\u202f\u205f\u3000"


def _unary(name: str, documentation: str, function: Callable[[str], Value]) -> None:
    def apply(machine: Machine, arguments: list[Any]) -> Value:
        return function(text(arguments[0], f"{name}() requires a string argument"))

    apply.__doc__ = documentation
    builtin(name, 1)(apply)


def _lines(source: str) -> ArrayValue:
    *terminated, last = source.split("\n")
    found: list[Value] = [line.removesuffix("\r") for line in terminated]
    return ArrayValue([*found, last] if last else found)


def _words(source: str) -> ArrayValue:
    return ArrayValue([word for word in re.split(f"[{WHITE_SPACE}]+", source) if word])


def _slug(source: str) -> str:
    hyphenated = re.sub(f"[{WHITE_SPACE}_]", "_", source.lower())
    kept = "".join(character for character in hyphenated if character.isalnum() or character == "_")
    return kept.replace("_", "-").replace("--", "-").strip("-")


def _camel_case(source: str) -> str:
    words = [word.lower() for word in re.split(r"[\W_]+", source) if word]
    return "".join(words[:1] + [word[:1].upper() + word[1:] for word in words[1:]])


def _snake_case(source: str) -> str:
    name, before = "", ""
    for character in source:
        if character.isupper() and before and not before.isupper():
            name += "_"
        if character in WHITE_SPACE or character in "-_":
            name += "_"
        elif character.isalnum():
            name += character.lower()
        before = character
    return re.sub("_+", "_", name).strip("_")


_unary("upper", "All letters in upper case.", str.upper)
_unary("to_upper", "All letters in upper case.", str.upper)
_unary("lower", "All letters in lower case.", str.lower)
_unary("to_lower", "All letters in lower case.", str.lower)
_unary("capitalize", "The first character in upper case, the others in lower case.",
       lambda source: source[:1].upper() + source[1:].lower())
_unary("trim", "Without white space at both ends.", lambda source: source.strip(WHITE_SPACE))
_unary("trim_start", "Without white space at the start.", lambda source: source.lstrip(WHITE_SPACE))
_unary("trim_end", "Without white space at the end.", lambda source: source.rstrip(WHITE_SPACE))
_unary("str_reverse", "The characters in the opposite order.", lambda source: source[::-1])
_unary("count_chars", "The number of characters.", len)
_unary("lines", "The lines, without their ends.", _lines)
_unary("slugify", "A text as part of a web address.", _slug)
_unary("to_camel_case", "The words run together, all but the first with a capital letter.", _camel_case)
_unary("to_snake_case", "The words in lower case with underscores between them.", _snake_case)
_unary("to_kebab_case", "The words in lower case with hyphens between them.",
       lambda source: _snake_case(source).replace("_", "-"))
_unary("words", "The pieces between white space.", _words)


@builtin("substring", 3, aliases=("substr",))
def substring(machine: Machine, arguments: list[Any]) -> Value:
    """The characters from start to end (exclusive); bounds outside the text are moved to its ends."""
    source = text(arguments[0], "substring() requires a string argument for value")
    start, end = [
        max(0, whole_number(bound, "substring() start and end must be a number")) for bound in arguments[1:]
    ]
    return source[start:end]


@builtin("char_at", 2)
def char_at(machine: Machine, arguments: list[Any]) -> Value:
    """The character at an index, or an empty string."""
    source = text(arguments[0], "char_at() requires a string argument for value")
    index = whole_number(arguments[1], "char_at() index must be a number")
    return source[index] if 0 <= index < len(source) else ""


@builtin("starts_with", 2)
def starts_with(machine: Machine, arguments: list[Any]) -> Value:
    """Whether a text begins with another."""
    message = "starts_with() requires string and prefix string arguments"
    return text(arguments[0], message).startswith(text(arguments[1], message))


@builtin("ends_with", 2)
def ends_with(machine: Machine, arguments: list[Any]) -> Value:
    """Whether a text ends with another."""
    message = "ends_with() requires string and suffix string arguments"
    return text(arguments[0], message).endswith(text(arguments[1], message))


def _replace(machine: Machine, arguments: list[Any]) -> Value:
    """Every occurrence of one text replaced by another."""
    message = "replace() requires string, from-string, and to-string arguments"
    source, old, new = [text(argument, message) for argument in arguments]
    return source.replace(old, new)


builtin("replace", 3)(_replace)
builtin("replace_str", 3)(_replace)


@builtin("split", 2)
def split(machine: Machine, arguments: list[Any]) -> Value:
    """The pieces between delimiters; an empty delimiter splits everywhere, also at both ends."""
    message = "split() requires string and delimiter string arguments"
    source, delimiter = text(arguments[0], message), text(arguments[1], message)
    return ArrayValue(["", *source, ""] if delimiter == "" else list(source.split(delimiter)))


@builtin("join", 2, only_looks=True)
def join(machine: Machine, arguments: list[Any]) -> Value:
    """The display texts of an array's elements with a separator between them."""
    items, separator = arguments
    if not isinstance(items, ArrayValue) or not isinstance(separator, str):
        raise RuffError("join() requires array and separator string arguments")
    return separator.join([display(item) for item in items.items])


@builtin("repeat", 2)
def repeat(machine: Machine, arguments: list[Any]) -> Value:
    """A text several times over."""
    source = text(arguments[0], "repeat() requires a string argument for value")
    count = whole_number(arguments[1], "repeat() count must be a number")
    demand_room("repeat", len(source) * count)
    return source * count


def _padding(arguments: list[Any], name: str) -> tuple[str, str]:
    source, width, pad = arguments
    if not is_number(width):
        raise RuffError(f"{name}() width must be a number")
    if not isinstance(source, str) or not isinstance(pad, str):
        raise RuffError(f"{name}() requires 3 arguments: string, width, char")
    demand_room(name, truncated(width))
    return source, (pad[:1] or " ") * (truncated(width) - len(source))


@builtin("pad_left", 3, aliases=("pad_start",))
def pad_left(machine: Machine, arguments: list[Any]) -> Value:
    """A text filled up to a width at its start."""
    source, padding = _padding(arguments, "pad_left")
    return padding + source


@builtin("pad_right", 3, aliases=("pad_end",))
def pad_right(machine: Machine, arguments: list[Any]) -> Value:
    """A text filled up to a width at its end."""
    source, padding = _padding(arguments, "pad_right")
    return source + padding


_TRUNCATE_ARITY = "truncate() requires 3 arguments: string, length, suffix"


@builtin("truncate", 3, arity_message=_TRUNCATE_ARITY)
def truncate(machine: Machine, arguments: list[Any]) -> Value:
    """A text of at most so many characters, the last of them a suffix if something was left out."""
    length = whole_number(arguments[1], "truncate() length must be a number")
    source, suffix = text(arguments[0], _TRUNCATE_ARITY), text(arguments[2], _TRUNCATE_ARITY)
    return source if len(source) <= length else source[: max(0, length - len(suffix))] + suffix


@builtin("format", 1, None, arity_message="format() requires at least 1 argument (template)", only_looks=True)
def format_(machine: Machine, arguments: list[Any]) -> Value:
    """A template with `%s`, `%d` and `%f` replaced by the arguments in turn, and `%%` by `%`."""
    template = text(arguments[0], "format() first argument must be a string")
    remaining = arguments[:0:-1]

    def replaced(found: re.Match[str]) -> str:
        letter = found.group(1)
        if letter == "%":
            return "%"
        if not remaining:
            raise RuffError(f"format() missing argument for placeholder %{letter}")
        return _formatted(letter, remaining.pop())

    return re.sub("%([sdf%])", replaced, template)


def _formatted(letter: str, value: Value) -> str:
    if letter == "s":
        return display(value)
    if letter == "d" and isinstance(value, bool):
        return str(int(value))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(truncated(value)) if letter == "d" else float_text(float(value))
    raise RuffError(f"format() %{letter} requires numeric argument, got {debug_text(value)}")
