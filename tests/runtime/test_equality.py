"""Built-in equality: kinds, tolerance of floats, nested values of any depth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rufflang.runtime.values import ARRAY, RESULT, STRUCT
from tests.runtime.container_values import Instance, Tagged, Workshop, equal, native, nested

EPSILON = 2.220446049250313e-16


@pytest.fixture(params=[0, 1], ids=["plain", "stress"])
def shop(request: pytest.FixtureRequest) -> Iterator[Workshop]:
    machine = native().vm(stress=request.param)
    yield Workshop(machine)
    machine.close()


def are_equal(shop: Workshop, left: Any, right: Any) -> bool:
    words = shop.value(left), shop.value(right)
    forwards: bool = shop.vm.call(equal, *words)
    backwards: bool = shop.vm.call(equal, *reversed(words))
    assert backwards is forwards
    return forwards


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (None, None, True),
        (None, False, False),
        (0, False, False),
        (1, 1.0, True),
        (2**53 + 1, float(2**53), True),
        ("a", "a", True),
        ("1", 1, False),
        (0.1 + 0.2, 0.3, True),
        (0.0, EPSILON, False),
        (0.0, EPSILON * 0.99, True),
        (-0.0, 0, True),
        (float("inf"), float("inf"), True),
        (float("inf"), float("-inf"), False),
        (float("nan"), float("nan"), False),
        (float("inf"), 1e308, False),
        ([1, 2], [1.0, 2.0], True),
        ([1], [1, 1], False),
        ([], {}, False),
        ([True], [1], False),
        ([float("nan")], [float("nan")], False),
        ({"a": 1, "b": [2]}, {"b": [2.0], "a": 1}, True),
        ({"a": 1}, {"b": 1}, False),
        ({"5": 0}, {5: 0}, True),
        (Instance("P", {"x": 1, "y": 2}), Instance("P", {"y": 2, "x": 1.0}), True),
        (Instance("P", {"x": 1}), Instance("Q", {"x": 1}), False),
        (Instance("P", {"x": 1}), Instance("P", {"y": 1}), False),
        (Instance("P", {"x": 1, "y": 1}), Instance("P", {"x": 1}), False),
        (Instance("P", {"x": [1]}), Instance("P", {"x": [2]}), False),
        (Tagged("A::B"), Tagged("A::B"), True),
        (Tagged("A::B"), Tagged("A::C"), False),
        (Tagged("A::B", (1,)), Tagged("A::B", (1, 2)), False),
        (Tagged("A::B", (1, [2])), Tagged("A::B", (1.0, [2])), True),
        (Tagged("Ok", (1,)), Tagged("Ok", (1,)), True),
        (Tagged("Ok", (1,)), Tagged("Err", (1,)), False),
        (Tagged("Ok", (1,)), Tagged("Some", (1,)), False),
        (Tagged("None"), Tagged("None"), True),
        (Tagged("Some", ([1],)), Tagged("Some", ([2],)), False),
    ],
)
def test_pairs(shop: Workshop, left: Any, right: Any, expected: bool) -> None:
    assert are_equal(shop, left, right) is expected
    assert are_equal(shop, [left], [right]) is expected
    assert are_equal(shop, {"k": [0, left]}, {"k": [0, right]}) is expected


VALUES = st.recursive(
    st.one_of(st.integers(0, 3), st.floats(0, 2), st.booleans(), st.none(), st.text("ab", max_size=1)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["a", "b", "1"]), inner, max_size=3),
        inner.map(lambda item: Tagged("Ok", (item,))),
        st.lists(inner, max_size=2).map(lambda items: Tagged("E::V", tuple(items))),
        st.dictionaries(st.sampled_from(["x", "y", "z"]), inner, max_size=3).map(
            lambda each: Instance("P", each)
        ),
    ),
    max_leaves=8,
)


def model_equal(left: Any, right: Any) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return (
            left == right if isinstance(left, int) and isinstance(right, int) else abs(left - right) < EPSILON
        )
    if type(left) is not type(right):
        return False
    if isinstance(left, list):
        return len(left) == len(right) and all(map(model_equal, left, right))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(model_equal(left[key], right[key]) for key in left)
    if isinstance(left, Instance):
        return left.name == right.name and model_equal(left.fields, right.fields)
    if isinstance(left, Tagged):
        return left.name == right.name and model_equal(list(left.payload), list(right.payload))
    return bool(left == right)


@given(VALUES, VALUES, st.booleans())
@settings(max_examples=300, deadline=None)
def test_random_values_agree_with_a_model(left: Any, right: Any, stress: bool) -> None:
    shop = Workshop(native().vm(stress=int(stress)))
    assert are_equal(shop, left, right) is model_equal(left, right)
    assert are_equal(shop, left, left)
    shop.vm.close()


def test_values_nested_a_million_deep_are_compared() -> None:
    shop = Workshop(native().vm())
    for kind in (ARRAY, RESULT, STRUCT):
        first, second = (shop.call(nested, 1_000_000, kind) for _ in range(2))
        shorter = shop.call(nested, 999_999, kind)
        assert shop.vm.call(equal, first, second) is True
        assert shop.vm.call(equal, first, shorter) is False
    shop.vm.close()
