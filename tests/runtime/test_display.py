"""Display texts, debug forms, and names of kinds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rufflang.runtime import type_names
from rufflang.runtime.display import display
from rufflang.runtime.values import ARRAY, ENUM, NATIVE, RESULT, SET, STRUCT, STRUCT_DEFINITION
from tests.runtime.container_values import (
    Instance,
    Tagged,
    Workshop,
    debug_form,
    debug_words,
    is_true,
    native,
    nested,
)
from tests.runtime.vm_fixture import text_of


@pytest.fixture(params=[0, 1], ids=["plain", "stress"])
def shop(request: pytest.FixtureRequest) -> Iterator[Workshop]:
    machine = native().vm(stress=request.param)
    yield Workshop(machine)
    machine.close()


CASES: list[tuple[Any, str, str]] = [
    (None, "null", "Null"),
    (True, "true", "Bool(true)"),
    (-5, "-5", "Int(-5)"),
    (2.0, "2", "Float(2)"),
    (1.5, "1.5", "Float(1.5)"),
    ('a"b', 'a"b', 'String("a"b")'),
    ([], "[]", "Array[]"),
    ([1, "x", [None]], "[1, x, [null]]", 'Array[Int(1), String("x"), Array[Null]]'),
    ({}, "{}", "Dict{}"),
    ({"b": 1, "a": [2]}, '{"a": [2], "b": 1}', "Dict{a: Array[Int(2)], b: Int(1)}"),
    ({10: 1, 9: 2}, '{"9": 2, "10": 1}', "Dict{9: Int(2), 10: Int(1)}"),
    ({"10": 1, "9": 2, "x": 3}, '{"10": 1, "9": 2, "x": 3}', "Dict{10: Int(1), 9: Int(2), x: Int(3)}"),
    (Instance("P"), "P {  }", "Struct(P)"),
    (Instance("P", {"y": 1, "x": [2], "z": 3}), "P { x: [2], y: 1, z: 3 }", "Struct(P)"),
    ([Instance("P", {"a": 1})], "[P { a: 1 }]", "Array[Struct(P)]"),
    (Tagged("E::V"), "E::V", "E::V{  }"),
    (Tagged("E::V", (1, [2])), "E::V(1,[2])", "E::V{ 0: Int(1), 1: Array[Int(2)] }"),
    (Tagged("Ok", (1,)), "Ok(1)", "Ok(Int(1))"),
    (Tagged("Err", ([1],)), "Err([1])", "Err(Array[Int(1)])"),
    ([Tagged("Some", (Tagged("None"),))], "[Some(None)]", "Array[Some(None)]"),
]


@pytest.mark.parametrize(("value", "text", "debug"), CASES, ids=[case[1] for case in CASES])
def test_texts(shop: Workshop, value: Any, text: str, debug: str) -> None:
    assert shop.display(value) == text
    assert text_of(shop.vm.call(debug_form, shop.value(value))) == debug


@pytest.mark.parametrize(
    ("value", "text"), [([1, 2], "Array[2]"), ({"a": 1}, "Dict{1 keys}"), ("x", 'Str("x")'), (1, "Int(1)")]
)
def test_messages_show_only_the_size_of_containers(shop: Workshop, value: Any, text: str) -> None:
    assert text_of(shop.vm.call(debug_words, shop.value(value))) == text


def test_values_nested_a_million_deep_are_displayed() -> None:
    shop = Workshop(native().vm())
    depth = 1_000_000
    for kind, opening, closing in ((ARRAY, "[", "]"), (RESULT, "Ok(", ")"), (STRUCT, " { : ", " }")):
        text = text_of(shop.vm.call(display, shop.vm.call(nested, depth, kind)))
        assert text == opening * depth + "1" + closing * depth
    shop.vm.close()


def _text(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_text, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{key}": {_text(value[key])}' for key in sorted(value)) + "}"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


NESTED = st.recursive(
    st.one_of(st.integers(-9, 9), st.booleans(), st.text("abc", max_size=2)),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text("xyz", min_size=1, max_size=2), inner)),
    max_leaves=30,
)


@given(NESTED, st.booleans())
@settings(max_examples=100, deadline=None)
def test_any_nesting_is_displayed(value: Any, stress: bool) -> None:
    shop = Workshop(native().vm(stress=int(stress)))
    assert shop.display(value) == _text(value)
    shop.vm.close()


@pytest.mark.parametrize(
    ("value", "name", "operand"),
    [
        (None, "null", "null"),
        (1, "int", "int"),
        (1.5, "float", "float"),
        (True, "bool", "bool"),
        ("", "string", "string"),
        ([], "array", "array"),
        ({}, "dict", "dict"),
        (Instance("P"), "struct", "struct"),
        (Tagged("A::B"), "tagged", "value"),
        (Tagged("Ok", (1,)), "result", "value"),
        (Tagged("None"), "option", "value"),
    ],
)
def test_names_of_kinds(shop: Workshop, value: Any, name: str, operand: str) -> None:
    word = shop.value(value)
    assert text_of(shop.vm.call(type_names.type_name, word)) == name
    assert text_of(shop.vm.call(type_names.operand_name, word)) == operand


@pytest.mark.parametrize(
    ("tag", "name", "operand"),
    [
        (NATIVE, "function", "native_function"),
        (STRUCT_DEFINITION, "structdef", "value"),
        (ENUM, "enum", "value"),
        (SET, "set", "value"),
    ],
)
def test_names_of_further_kinds(shop: Workshop, tag: int, name: str, operand: str) -> None:
    assert text_of(shop.vm.call(type_names.type_name, (tag, 0))) == name
    assert text_of(shop.vm.call(type_names.operand_name, (tag, 0))) == operand


@pytest.mark.parametrize(
    ("value", "truth"),
    [
        (None, False), (0, False), (0.0, False), (-0.0, False), ("", False), ([], False), ({}, False),
        (False, False), (1, True), (float("nan"), True), ("0", True), ([0], True), ({"a": 0}, True),
        (Tagged("None"), True), (Instance("P"), True),
    ],
)  # fmt: skip
def test_truthiness(shop: Workshop, value: Any, truth: bool) -> None:
    assert native().call(is_true, shop.value(value)) is truth
