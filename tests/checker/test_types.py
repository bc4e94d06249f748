"""The checker's types by themselves."""

from __future__ import annotations

import pytest

from rufflang.checker.types import (
    ANY,
    BOOL,
    FLOAT,
    INT,
    LARGEST_SIZE,
    STRING,
    Array,
    Dict,
    FunctionType,
    Option,
    Result,
    Type,
    fits,
    limited,
    merged,
)
from tests.checker.warnings import messages


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (Array(Array(INT)), "Array(Array(Int))"),
        (Dict(STRING, ANY), "Dict { key: String, value: Any }"),
        (Result(INT, STRING), "Result { ok_type: Int, err_type: String }"),
        (Option(BOOL), "Option { inner_type: Bool }"),
        (FunctionType((INT, ANY), FLOAT), "Function { params: [Int, Any], return_type: Float }"),
    ],
)
def test_types_are_shown_with_their_parts(shown: Type, text: str) -> None:
    assert str(shown) == text


@pytest.mark.parametrize(
    ("expected", "actual", "answer"),
    [
        (INT, INT, True),
        (FLOAT, INT, True),
        (INT, FLOAT, False),
        (ANY, STRING, True),
        (STRING, ANY, True),
        (Array(FLOAT), Array(INT), True),
        (Array(INT), Array(FLOAT), False),
        (Array(INT), Dict(STRING, INT), False),
        (Dict(STRING, FLOAT), Dict(STRING, INT), True),
        (Dict(STRING, INT), Dict(INT, INT), True),
        (Dict(STRING, INT), Dict(STRING, BOOL), False),
        (Result(INT, STRING), Result(INT, ANY), True),
        (Result(INT, STRING), Result(ANY, INT), False),
        (Option(INT), Option(INT), True),
        (Option(INT), INT, False),
        (INT, FunctionType((), ANY), False),
    ],
)
def test_a_type_fits_where_its_values_do(expected: Type, actual: Type, answer: bool) -> None:
    assert fits(expected, actual) is answer


def test_merging_keeps_what_both_types_share() -> None:
    assert merged(INT, INT) == INT
    assert merged(INT, FLOAT) == merged(FLOAT, INT) == FLOAT
    assert merged(INT, STRING) == ANY
    assert merged(Array(INT), Array(FLOAT)) == Array(FLOAT)
    assert merged(Dict(STRING, INT), Dict(STRING, BOOL)) == Dict(STRING, ANY)


def test_a_type_with_too_many_parts_is_given_up() -> None:
    deep: Type = INT
    for _ in range(LARGEST_SIZE - 1):
        deep = limited(Array(deep))
    assert deep != ANY
    assert limited(Array(deep)) == ANY


@pytest.mark.parametrize(
    "text",
    [
        "x := " + "1 + " * 20_000 + "1",
        "let x: int" + "[]" * 20_000 + " := []",
        "let x0 := [1]\n" + "".join(f"let x{i} := {{x{i - 1}: x{i - 1}}}\n" for i in range(1, 3_000)),
        "x := " + "[" * 200 + "]" * 200,
        "x := " + "func() { return " * 100 + "1" + " }" * 100,
        "if 1 { } " + "else if 1 { } " * 20_000,
    ],
    ids=["sum", "annotation", "growing types", "array", "functions", "else if"],
)
def test_deep_programs_are_checked_like_others(text: str) -> None:
    assert messages(text) == []
