"""Native builtins on text, called as the interpreter calls them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.runtime.text_fixture import Failed, TextVM, text_module

NAMES = [
    "upper",
    "to_upper",
    "lower",
    "to_lower",
    "capitalize",
    "trim",
    "trim_start",
    "trim_end",
    "count_chars",
    "is_empty",
    "str_reverse",
    "substring",
    "char_at",
    "starts_with",
    "ends_with",
    "replace",
    "replace_str",
    "repeat",
    "pad_left",
    "pad_right",
    "split",
    "join",
    "lines",
    "words",
    "format",
    "to_string",
]

quick = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
some_text = st.text(st.sampled_from("abß€😀 \n\r\t,"), max_size=60)
WHITE_SPACE = " \t\n\v\f\r\x85\xa0\u1680\u2003\u2028\u202f\u205f\u3000"


@pytest.fixture(scope="module")
def machine() -> Iterator[TextVM]:
    made = TextVM(text_module(builtins=NAMES))
    yield made
    made.vm.close()


@quick
@given(text=some_text, old=some_text, new=some_text)
def test_replace_replaces_every_occurrence(machine: TextVM, text: str, old: str, new: str) -> None:
    for wanted in (old[:1], old):
        assert machine.builtin("replace", text, wanted, new) == text.replace(wanted, new)


@quick
@given(text=some_text, delimiter=some_text.filter(bool))
def test_split_and_join_are_inverse(machine: TextVM, text: str, delimiter: str) -> None:
    for separator in (delimiter[:1], delimiter):
        pieces = machine.builtin("split", text, separator)
        assert pieces == text.split(separator)
        assert machine.builtin("join", pieces, separator) == text


@quick
@given(text=some_text)
def test_one_argument_text_functions_agree_with_python(machine: TextVM, text: str) -> None:
    assert machine.builtin("str_reverse", text) == text[::-1]
    assert machine.builtin("count_chars", text) == len(text)
    assert machine.builtin("is_empty", text) == (text == "")
    assert machine.builtin("words", text) == text.split()
    assert machine.builtin("split", text, "") == ["", *text, ""]
    assert machine.builtin("trim", text) == text.strip()
    assert machine.builtin("upper", text) == text.upper()
    assert machine.builtin("to_lower", text) == text.lower()
    assert machine.builtin("capitalize", text) == text[:1].upper() + text[1:].lower()


@quick
@given(text=some_text, start=st.integers(-5, 70), width=st.integers(-5, 100))
def test_positions_and_widths_count_characters(machine: TextVM, text: str, start: int, width: int) -> None:
    assert machine.builtin("substring", text, start, width) == text[max(0, start) : max(0, width)]
    assert machine.builtin("char_at", text, start) == (text[start] if 0 <= start < len(text) else "")
    assert machine.builtin("pad_left", text, width, "é!") == text.rjust(width, "é")
    assert machine.builtin("pad_right", text, width, "") == text.ljust(width)
    assert machine.builtin("repeat", text, start) == text * start
    assert machine.builtin("starts_with", text, text[:3])
    assert machine.builtin("ends_with", text, text[-3:])
    assert machine.builtin("ends_with", text[1:], text + "x") is False


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("upper", ["az[{é"], "AZ[{É"),
        ("lower", ["AZ[{"], "az[{"),
        ("capitalize", ["hELLO wORLD"], "Hello world"),
        ("trim_start", [WHITE_SPACE + "a" + WHITE_SPACE], "a" + WHITE_SPACE),
        ("trim_end", [WHITE_SPACE + "a" + WHITE_SPACE], WHITE_SPACE + "a"),
        ("trim", [WHITE_SPACE], ""),
        ("lines", ["a\r\nb\n\nc\r"], ["a", "b", "", "c\r"]),
        ("lines", ["a\n"], ["a"]),
        ("lines", [""], []),
        ("repeat", ["ab", 2.9], "abab"),
        ("repeat", ["ab", -1], ""),
        ("substring", ["abc", 0.9, float("inf")], "abc"),
        ("join", [[1, "a", [2], None, 1.5], "-"], "1-a-[2]-null-1.5"),
        ("join", [[], "x"], ""),
        ("replace_str", ["abc", "", "-"], "-a-b-c-"),
        ("is_empty", [[]], True),
        ("is_empty", [{"a": 1}], False),
        ("format", ["%s|%d|%f|%%|%x|%", "t", 2.9, 3], "t|2|3|%|%x|%"),
        ("format", ["%d %d", True, -7, 1], "1 -7"),
        ("format", ["plain"], "plain"),
        ("format", ["%%s"], "%s"),
        ("format", ["%s", [1, {"a": 2}]], '[1, {"a": 2}]'),
    ],
)
def test_text_functions_give(machine: TextVM, name: str, arguments: list[Any], result: Any) -> None:
    assert machine.builtin(name, *arguments) == result


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("upper", [5], "upper() requires a string argument"),
        ("words", [None], "words() requires a string argument"),
        ("is_empty", [5], "is_empty() requires a string argument"),
        ("char_at", ["a", "0"], "char_at() index must be a number"),
        ("repeat", [5, 2], "repeat() requires a string argument for value"),
        ("pad_left", ["a", "5", "x"], "pad_left() width must be a number"),
        ("pad_right", ["a", 5, 5], "pad_right() requires 3 arguments: string, width, char"),
        ("replace_str", ["a", "b", 5], "replace() requires string, from-string, and to-string arguments"),
        ("join", ["a", ","], "join() requires array and separator string arguments"),
        ("format", [], "format() requires at least 1 argument (template)"),
        ("format", [5], "format() first argument must be a string"),
        ("format", ["%s %d", "a"], "format() missing argument for placeholder %d"),
        ("format", ["%d", "x"], 'format() %d requires numeric argument, got Str("x")'),
        ("format", ["%f", True], "format() %f requires numeric argument, got Bool(true)"),
        ("to_string", [], "to_string() requires one argument"),
    ],
)
def test_text_functions_raise(machine: TextVM, name: str, arguments: list[Any], message: str) -> None:
    with pytest.raises(Failed) as failure:
        machine.builtin(name, *arguments)
    assert str(failure.value) == message


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("repeat", ["ab", 2**62]),
        ("repeat", ["ab", 2**40]),
        ("pad_left", ["a", 2**63 - 1, "é"]),
        ("pad_left", ["a", 2**40, "x"]),
    ],
)
def test_texts_beyond_the_memory_limit_are_refused(name: str, arguments: list[Any]) -> None:
    machine = TextVM(text_module(builtins=NAMES), memory_limit=64 << 20)
    with pytest.raises(Failed, match="Memory limit exceeded"):
        machine.builtin(name, *arguments)
    assert machine.vm.field("error_is_fatal") == 2
    machine.vm.close()


def test_growing_texts_stop_at_the_memory_limit() -> None:
    machine = TextVM(text_module(builtins=NAMES), memory_limit=64 << 20)
    with pytest.raises(Failed, match="Memory limit exceeded"):
        machine.builtin("replace", "a" * 10_000, "a", "b" * 100_000)
    machine.vm.close()


def test_text_functions_survive_a_collection_at_every_allocation() -> None:
    machine = TextVM(text_module(builtins=NAMES), stress=1)
    text = "eins, zwei, drei, " * 20
    assert machine.builtin("replace", text, ", ", "--") == text.replace(", ", "--")
    assert machine.builtin("format", "%s/%d/%f", text, 1, 2.5) == f"{text}/1/2.5"
    assert len(machine.builtin("to_string", text)) == len(text)
    machine.vm.close()
