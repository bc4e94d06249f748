"""Builtins that make names and short forms of texts.

What is a letter or a digit is Unicode's business, so the host makes the names (`host.naming_styles`).
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, function, i64, literal, u8, word
from rufflang.runtime.builtins.registry import builtin
from rufflang.runtime.errors import add_strings, raise_literal, raise_named
from rufflang.runtime.host_calls import call_host_for_object
from rufflang.runtime.numbers_arguments import is_number, whole_number
from rufflang.runtime.objects import StringObject
from rufflang.runtime.strings import as_string, string_value
from rufflang.runtime.strings_positions import substring
from rufflang.runtime.strings_replacing import replace_all
from rufflang.runtime.values import STRING, Value
from rufflang.runtime.vm import VM

# Operations of `VM.host_text` (see `strings_case`).
SLUG = 5
CAMEL_CASE = 6
SNAKE_CASE = 7

_TRUNCATE_ARGUMENTS = "truncate() requires 3 arguments: string, length, suffix"
_UNDERSCORE = 95
_HYPHEN = 45


@function
def _named(vm: VM, value: Value, operation: i64, name: Ptr[u8]) -> Value:
    if value.tag != STRING:
        return raise_named(vm, name, literal("() requires a string argument"))
    made = call_host_for_object(vm, vm.host_text, operation, word(as_string(value)), 0)
    return string_value(cast(StringObject, made))


@builtin("slugify", 1, 1, arity="central")
@function
def builtin_slugify(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """slugify(s: string) -> string

    Letters and digits in lower case, a hyphen for white space and underscores, and nothing else.
    """
    return _named(vm, arguments[0], SLUG, literal("slugify"))


@builtin("to_camel_case", 1, 1, arity="central")
@function
def builtin_to_camel_case(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """to_camel_case(s: string) -> string

    The words run together, all but the first with a capital letter.
    """
    return _named(vm, arguments[0], CAMEL_CASE, literal("to_camel_case"))


@builtin("to_snake_case", 1, 1, arity="central")
@function
def builtin_to_snake_case(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """to_snake_case(s: string) -> string

    The words in lower case with underscores between them; a capital letter begins a word.
    """
    return _named(vm, arguments[0], SNAKE_CASE, literal("to_snake_case"))


@builtin("to_kebab_case", 1, 1, arity="central")
@function
def builtin_to_kebab_case(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """to_kebab_case(s: string) -> string

    The words in lower case with hyphens between them; a capital letter begins a word.
    """
    name = _named(vm, arguments[0], SNAKE_CASE, literal("to_kebab_case"))
    if name.tag != STRING:
        return name
    return replace_all(vm, as_string(name), vm.ascii_strings[_UNDERSCORE], vm.ascii_strings[_HYPHEN])


@builtin("truncate")
@function
def builtin_truncate(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """truncate(s: string, length: number, suffix: string) -> string

    The text if it is not longer; otherwise so many characters, the suffix being the last of them.
    """
    if count != 3:
        return raise_literal(vm, literal(_TRUNCATE_ARGUMENTS))
    if not is_number(arguments[1]):
        return raise_literal(vm, literal("truncate() length must be a number"))
    if arguments[0].tag != STRING or arguments[2].tag != STRING:
        return raise_literal(vm, literal(_TRUNCATE_ARGUMENTS))
    text = as_string(arguments[0])
    suffix = as_string(arguments[2])
    length = whole_number(arguments[1])
    if text.char_count <= length:
        return arguments[0]
    kept = length - suffix.char_count
    return add_strings(vm, substring(vm, text, 0, kept if kept > 0 else 0), suffix)
