"""Sets against a list searched from its start: what is kept, what is found, in what order."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rufflang.runtime.objects import SetObject
from rufflang.runtime.values import INT, SET
from tests.runtime.container_values import Instance, Pair, Tagged, Workshop, equal, get_element, mark, native
from tests.runtime.vm_fixture import read_field

EPSILON = 2.220446049250313e-16

NUMBERS = st.one_of(
    st.integers(-3, 12),
    st.integers(-3, 12).map(float),
    st.integers(2**53 - 2, 2**53 + 4),
    st.integers(2**53 - 2, 2**53 + 4).map(float),
    st.sampled_from([2**63 - 1, -(2**63), 9.223372036854776e18, -9.223372036854776e18, 1e300]),
    st.sampled_from([float("inf"), float("-inf"), float("nan"), -0.0]),
    st.builds(
        lambda base, steps: base + steps * EPSILON / 4,
        st.sampled_from([0.0, 1.0, -1.0, 2.0, 0.5 / (1 << 49), 1.5 / (1 << 49), 1.0 - 0.5 / (1 << 49), 0.3]),
        st.integers(-9, 9),
    ),
)
LEAVES = st.one_of(NUMBERS, st.none(), st.booleans(), st.text("ab0", max_size=2))
VALUES = st.recursive(
    LEAVES,
    lambda parts: st.one_of(
        st.lists(parts, max_size=3),
        st.dictionaries(st.sampled_from(["a", "b", "5"]), parts, max_size=2),
        st.builds(lambda part: Instance("P", {"x": part, "y": 1}), parts),
        st.builds(lambda part: Tagged("Some", (part,)), parts),
        st.builds(lambda part: Tagged("E::V", (part, 0)), parts),
    ),
    max_leaves=4,
)
STEPS = st.lists(st.tuples(st.sampled_from(["add", "add", "add", "remove", "share"]), VALUES), max_size=60)


def position(shop: Workshop, model: list[Pair], wanted: Pair) -> int:
    """The first of the values that equals the wanted one, or -1."""
    for index, value in enumerate(model):
        if shop.vm.call(equal, value, wanted):
            return index
    return -1


def elements(shop: Workshop, table: Pair) -> list[Pair]:
    array = shop.run("set_to_array", table)
    return [shop.vm.module.call(get_element, array, index) for index in range(shop.length(array))]


@given(STEPS, st.booleans())
@settings(max_examples=150, deadline=None)
def test_any_sequence_of_changes_agrees_with_a_searched_list(steps: list[Any], stress: bool) -> None:
    shop = Workshop(native().vm(stress=int(stress)))
    table, model = shop.run("set"), list[Pair]()
    for action, python in steps:
        value = shop.value(python)
        index = position(shop, model, value)
        assert shop.run("set_has", table, value)[1] == (index >= 0)
        if action == "add":
            table = shop.run("set_add", table, value)
            model += [value] if index < 0 else []
        elif action == "remove":
            table = shop.run("set_remove", table, value)
            model = [kept for place, kept in enumerate(model) if place != index]
        else:
            shop.vm.module.call(mark, table)
    assert elements(shop, table) == model
    assert read_field(table[1], SetObject, "count") == len(model)
    shop.vm.close()


@given(st.lists(VALUES, max_size=25), st.lists(VALUES, max_size=25))
@settings(max_examples=100, deadline=None)
def test_sets_of_sets_are_found_whatever_the_order_inside(left: list[Any], right: list[Any]) -> None:
    shop = Workshop(native().vm(stress=0))
    kept = [python for python in left + right if "nan" not in repr(python)]
    first, second = shop.value(kept), shop.value(list(reversed(kept)))
    forwards, backwards = shop.run("set", first), shop.run("set", second)
    holder = shop.run("set_add", shop.run("set"), forwards)
    for number in range(12):
        holder = shop.run("set_add", holder, (INT, number))
    same = bool(shop.vm.call(equal, forwards, backwards))
    assert shop.run("set_has", holder, backwards)[1] == 1 or not same
    assert shop.run("set_has", holder, forwards)[1] == 1
    shop.vm.close()


def test_elements_come_and_go_without_the_set_growing() -> None:
    shop = Workshop(native().vm(stress=0))
    table = shop.run("set")
    for number in range(3000):
        table = shop.run("set_add", table, (INT, number))
        if number >= 10:
            table = shop.run("set_remove", table, (INT, number - 10))
    assert elements(shop, table) == [(INT, number) for number in range(2990, 3000)]
    assert read_field(table[1], SetObject, "capacity") <= 64
    shop.vm.close()


def test_sets_nested_deeply_are_compared_without_recursion() -> None:
    shop = Workshop(native().vm(stress=0))
    sides = []
    for _ in range(2):
        value: Pair = (INT, 1)
        for _ in range(20000):
            value = shop.run("set_add", shop.run("set"), value)
            assert value[0] == SET
        sides.append(value)
    assert shop.vm.call(equal, *sides)
    shop.vm.close()
