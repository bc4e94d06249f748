"""Builtins on strings that give strings, truths and numbers (`text_lists` has those about arrays)."""

from __future__ import annotations

from rufflang.lowpy import Ptr, function, i64, literal, u8
from rufflang.runtime.builtins.registry import builtin
from rufflang.runtime.errors import raise_literal, raise_named
from rufflang.runtime.numbers_arguments import is_number, whole_number
from rufflang.runtime.strings import as_string, string_value
from rufflang.runtime.strings_building import pad_text, repeat_text, reverse_text
from rufflang.runtime.strings_case import CAPITALIZE, LOWER, UPPER, change_case
from rufflang.runtime.strings_positions import char_at, substring
from rufflang.runtime.strings_replacing import replace_all
from rufflang.runtime.strings_searching import matches_at
from rufflang.runtime.strings_spaces import trimmed_end, trimmed_start
from rufflang.runtime.strings_words import byte_slice
from rufflang.runtime.values import INT, STRING, Value, bool_value
from rufflang.runtime.vm import VM

_REQUIRES_STRING = "() requires a string argument"


@function(inline=True)
def _change(vm: VM, value: Value, operation: i64, name: Ptr[u8]) -> Value:
    if value.tag != STRING:
        return raise_named(vm, name, literal(_REQUIRES_STRING))
    return string_value(change_case(vm, as_string(value), operation))


@builtin("upper", 1, 1, arity="central")
@function
def builtin_upper(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """upper(s: string) -> string

    All letters in upper case.
    """
    return _change(vm, arguments[0], UPPER, literal("upper"))


@builtin("to_upper", 1, 1, arity="central")
@function
def builtin_to_upper(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """to_upper(s: string) -> string

    All letters in upper case.
    """
    return _change(vm, arguments[0], UPPER, literal("to_upper"))


@builtin("lower", 1, 1, arity="central")
@function
def builtin_lower(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """lower(s: string) -> string

    All letters in lower case.
    """
    return _change(vm, arguments[0], LOWER, literal("lower"))


@builtin("to_lower", 1, 1, arity="central")
@function
def builtin_to_lower(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """to_lower(s: string) -> string

    All letters in lower case.
    """
    return _change(vm, arguments[0], LOWER, literal("to_lower"))


@builtin("capitalize", 1, 1, arity="central")
@function
def builtin_capitalize(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """capitalize(s: string) -> string

    The first character in upper case, the others in lower case.
    """
    return _change(vm, arguments[0], CAPITALIZE, literal("capitalize"))


@builtin("trim", 1, 1, arity="central")
@function
def builtin_trim(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """trim(s: string) -> string

    The text without the white space at both ends.
    """
    if arguments[0].tag != STRING:
        return raise_named(vm, literal("trim"), literal(_REQUIRES_STRING))
    text = as_string(arguments[0])
    start = trimmed_start(text, 0)
    return string_value(byte_slice(vm, text, start, trimmed_end(text, start)))


@builtin("trim_start", 1, 1, arity="central")
@function
def builtin_trim_start(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """trim_start(s: string) -> string

    The text without the white space at its start.
    """
    if arguments[0].tag != STRING:
        return raise_named(vm, literal("trim_start"), literal(_REQUIRES_STRING))
    text = as_string(arguments[0])
    return string_value(byte_slice(vm, text, trimmed_start(text, 0), text.byte_count))


@builtin("trim_end", 1, 1, arity="central")
@function
def builtin_trim_end(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """trim_end(s: string) -> string

    The text without the white space at its end.
    """
    if arguments[0].tag != STRING:
        return raise_named(vm, literal("trim_end"), literal(_REQUIRES_STRING))
    text = as_string(arguments[0])
    return string_value(byte_slice(vm, text, 0, trimmed_end(text, 0)))


@builtin("count_chars", 1, 1, arity="central")
@function
def builtin_count_chars(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """count_chars(s: string) -> int

    The number of characters, like `len`.
    """
    if arguments[0].tag != STRING:
        return raise_named(vm, literal("count_chars"), literal(_REQUIRES_STRING))
    return Value(INT, as_string(arguments[0]).char_count)


@builtin("str_reverse", 1, 1, arity="central")
@function
def builtin_str_reverse(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """str_reverse(s: string) -> string

    The characters in reverse order.
    """
    if arguments[0].tag != STRING:
        return raise_named(vm, literal("str_reverse"), literal(_REQUIRES_STRING))
    return reverse_text(vm, as_string(arguments[0]))


@builtin("substring", 3, 3, arity="central", aliases=("substr",))
@function
def builtin_substring(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """substring(s: string, start: number, end: number) -> string

    The characters from start to end (exclusive); bounds outside the text are moved to its ends.
    """
    if arguments[0].tag != STRING:
        return raise_literal(vm, literal("substring() requires a string argument for value"))
    if not is_number(arguments[1]) or not is_number(arguments[2]):
        return raise_literal(vm, literal("substring() start and end must be a number"))
    start = whole_number(arguments[1])
    return string_value(substring(vm, as_string(arguments[0]), start, whole_number(arguments[2])))


@builtin("char_at", 2, 2, arity="central")
@function
def builtin_char_at(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """char_at(s: string, index: number) -> string

    The character at an index, or "" when there is none.
    """
    if arguments[0].tag != STRING:
        return raise_literal(vm, literal("char_at() requires a string argument for value"))
    if not is_number(arguments[1]):
        return raise_literal(vm, literal("char_at() index must be a number"))
    index = whole_number(arguments[1])
    text = as_string(arguments[0])
    if index < 0 or index >= text.char_count:
        return string_value(vm.empty_string)
    return string_value(char_at(vm, text, index))


@builtin("starts_with", 2, 2, arity="central")
@function
def builtin_starts_with(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """starts_with(s: string, prefix: string) -> bool

    Whether the text begins with another.
    """
    if arguments[0].tag != STRING or arguments[1].tag != STRING:
        return raise_literal(vm, literal("starts_with() requires string and prefix string arguments"))
    return bool_value(matches_at(as_string(arguments[0]), as_string(arguments[1]), 0))


@builtin("ends_with", 2, 2, arity="central")
@function
def builtin_ends_with(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """ends_with(s: string, suffix: string) -> bool

    Whether the text ends with another.
    """
    if arguments[0].tag != STRING or arguments[1].tag != STRING:
        return raise_literal(vm, literal("ends_with() requires string and suffix string arguments"))
    text = as_string(arguments[0])
    suffix = as_string(arguments[1])
    return bool_value(matches_at(text, suffix, text.byte_count - suffix.byte_count))


@function
def _replace(vm: VM, arguments: Ptr[Value]) -> Value:
    if arguments[0].tag != STRING or arguments[1].tag != STRING or arguments[2].tag != STRING:
        return raise_literal(vm, literal("replace() requires string, from-string, and to-string arguments"))
    return replace_all(vm, as_string(arguments[0]), as_string(arguments[1]), as_string(arguments[2]))


@builtin("replace", 3, 3, arity="central")
@function
def builtin_replace(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """replace(s: string, from: string, to: string) -> string

    The text with every occurrence of one text replaced by another.
    """
    return _replace(vm, arguments)


@builtin("replace_str", 3, 3, arity="central")
@function
def builtin_replace_str(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """replace_str(s: string, from: string, to: string) -> string

    The same as `replace`.
    """
    return _replace(vm, arguments)


@builtin("repeat", 2, 2, arity="central")
@function
def builtin_repeat(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """repeat(s: string, count: number) -> string

    The text several times over; a negative count gives "".
    """
    if arguments[0].tag != STRING:
        return raise_literal(vm, literal("repeat() requires a string argument for value"))
    if not is_number(arguments[1]):
        return raise_literal(vm, literal("repeat() count must be a number"))
    return repeat_text(vm, as_string(arguments[0]), whole_number(arguments[1]))


@builtin("pad_left", 3, 3, arity="central", aliases=("pad_start",))
@function
def builtin_pad_left(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """pad_left(s: string, width: number, pad: string) -> string

    The text filled up to a width at its start with the first character of `pad`.
    """
    if not is_number(arguments[1]):
        return raise_literal(vm, literal("pad_left() width must be a number"))
    if arguments[0].tag != STRING or arguments[2].tag != STRING:
        return raise_literal(vm, literal("pad_left() requires 3 arguments: string, width, char"))
    width = whole_number(arguments[1])
    return pad_text(vm, as_string(arguments[0]), width, as_string(arguments[2]), True)


@builtin("pad_right", 3, 3, arity="central", aliases=("pad_end",))
@function
def builtin_pad_right(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """pad_right(s: string, width: number, pad: string) -> string

    The text filled up to a width at its end with the first character of `pad`.
    """
    if not is_number(arguments[1]):
        return raise_literal(vm, literal("pad_right() width must be a number"))
    if arguments[0].tag != STRING or arguments[2].tag != STRING:
        return raise_literal(vm, literal("pad_right() requires 3 arguments: string, width, char"))
    width = whole_number(arguments[1])
    return pad_text(vm, as_string(arguments[0]), width, as_string(arguments[2]), False)
