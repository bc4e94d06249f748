"""Dicts against Python's: keys and their spelling, order, deletion, copies, and the builtins on them."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rufflang.runtime import destructuring, indexing
from rufflang.runtime.iteration import iteration_start
from rufflang.runtime.objects import DictObject
from rufflang.runtime.sharing import clone_container
from rufflang.runtime.values import ERROR, INT, STRING, UNBOUND
from tests.runtime.container_values import (
    Pair,
    RuffFailure,
    Workshop,
    found,
    mark,
    native,
    next_item,
    owned,
    put,
    read_index,
    removed,
    same,
    write_index,
)
from tests.runtime.vm_fixture import read_field


@pytest.fixture(params=[0, 1], ids=["plain", "stress"])
def shop(request: pytest.FixtureRequest) -> Iterator[Workshop]:
    machine = native().vm(stress=request.param)
    yield Workshop(machine)
    machine.close()


def fresh(stress: int = 0) -> Workshop:
    return Workshop(native().vm(stress=stress))


KEYS = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    st.integers(-3, 20),
    st.integers(-3, 20).map(str),
    st.text(max_size=3),
    st.sampled_from(["", "-", "-0", "00", "05", "+5", "9223372036854775807", "9223372036854775808"]),
)
STEPS = st.lists(
    st.tuples(st.sampled_from(["put", "put", "put", "delete", "clone"]), KEYS, st.integers(0, 99)),
    max_size=120,
)


@given(STEPS, st.booleans())
@settings(max_examples=150, deadline=None)
def test_any_sequence_of_changes_agrees_with_a_python_dict(steps: list[Any], stress: bool) -> None:
    shop = fresh(int(stress))
    table, model = shop.value({}), dict[str, int]()
    for action, key, number in steps:
        word = shop.value(key)
        if action == "put":
            shop.vm.call(put, table, word, (INT, number))
            model[str(key)] = number
        elif action == "delete":
            assert shop.vm.call(removed, table, word) == (str(key) in model)
            model.pop(str(key), None)
        else:
            table = shop.call(clone_container, table)
        expected = (INT, model[str(key)]) if str(key) in model else (UNBOUND, 0)
        assert shop.vm.call(found, table, word) == expected
    assert same(shop.python(table), model)
    assert read_field(table[1], DictObject, "count") == len(model)
    shop.vm.close()


def test_large_dicts_of_regular_int_keys_stay_fast_and_right() -> None:
    shop = fresh()
    for stride in (1, 8, 1 << 20, 1 << 40, 1 << 55):
        table = shop.value({})
        keys = [number * stride for number in range(-100, 100)]
        for key in keys:
            shop.vm.call(put, table, (INT, key), (INT, -key))
        assert shop.python(table) == {str(key): -key for key in keys}
    shop.vm.close()


def test_entries_come_and_go_without_the_dict_growing() -> None:
    shop = fresh()
    table = shop.value({})
    for number in range(5000):
        shop.vm.call(put, table, (INT, number), (INT, number))
        if number >= 10:
            assert shop.vm.call(removed, table, (INT, number - 10))
    assert shop.python(table) == {str(number): number for number in range(4990, 5000)}
    assert read_field(table[1], DictObject, "entry_capacity") <= 64
    shop.vm.close()


@pytest.mark.parametrize("size", [8, 9, 12, 13, 16, 17, 24, 25, 1024, 1025, 4096, 4097, 10_000])
def test_a_copy_of_any_size_finds_its_keys_and_may_grow(size: int) -> None:
    shop = fresh()
    model = {(f"key {number}" if number % 2 else str(number)): number for number in range(size)}
    table = shop.value(model)
    copy = shop.call(clone_container, table)
    for number in range(3):
        shop.vm.call(put, copy, (INT, -1 - number), (INT, number))
    assert shop.python(table) == model
    for key, number in model.items():
        assert shop.vm.call(read_index, copy, shop.value(key)) == (INT, number)
    assert shop.python(copy) == {**model, "-1": 0, "-2": 1, "-3": 2}
    shop.vm.close()


def test_a_dict_that_has_grown_has_room_for_no_more_than_half_as_many_entries_again_once_they_are_many() -> None:
    shop = fresh()
    table = shop.value({})
    for number in range(3000):
        shop.vm.call(put, table, (INT, number), (INT, number))
        if number >= 500:
            assert read_field(table[1], DictObject, "entry_capacity") <= (number + 1) * 3 / 2
    shop.vm.close()


@pytest.mark.parametrize("size", [3, 100])
@pytest.mark.parametrize("first", [("number", 1), (7, "text"), (7, [1]), (7, {"a": 1})])
def test_what_a_dict_of_numbers_gets_later_is_kept_alive_through_it_and_its_copies(
    size: int, first: tuple[Any, Any]
) -> None:
    key, value = first
    shop = fresh()
    table = shop.value({number: number for number in range(size)})
    shop.vm.call(write_index, table, shop.value(key), shop.value(value))
    model = {str(number): number for number in range(size)} | {str(key): value}
    copy = shop.call(clone_container, table)
    shop.vm.set_root(1, *table)
    shop.vm.set_root(0, *copy)  # instead of everything that the workshop has made
    shop.vm.collect()
    assert same((shop.python(table), shop.python(copy)), (model, model))
    shop.vm.set_root(1, 0, 0)
    shop.vm.collect()
    assert same(shop.python(copy), model)
    shop.vm.close()


def test_a_full_dict_in_which_one_key_takes_the_place_of_another_is_not_rebuilt_each_time() -> None:
    shop = fresh()
    table = shop.value({})
    for number in range(11):
        shop.vm.call(put, table, (INT, number), (INT, number))
    rebuilt = 0
    used = 11
    for number in range(11, 1000):
        shop.vm.call(removed, table, (INT, number - 11))
        shop.vm.call(put, table, (INT, number), (INT, number))
        rebuilt += read_field(table[1], DictObject, "used") <= used
        used = read_field(table[1], DictObject, "used")
    assert 0 < rebuilt <= 1000 / 10
    assert shop.python(table) == {str(number): number for number in range(989, 1000)}
    shop.vm.close()


@pytest.mark.parametrize(
    ("text", "number"),
    [("5", 5), ("-5", -5), ("0", 0), ("9223372036854775807", 2**63 - 1), ("-9223372036854775808", -(2**63))],
)
def test_decimal_texts_and_ints_are_one_key(shop: Workshop, text: str, number: int) -> None:
    table = shop.value({text: "here"})
    assert shop.python(shop.vm.call(read_index, table, (INT, number))) == "here"
    assert shop.builtin("keys", {number: 0}) == [text]


@pytest.mark.parametrize("text", ["05", "-0", "+5", " 5", "5 ", "5.0", "", "-", "9223372036854775808", "--5"])
def test_other_texts_are_keys_of_their_own(shop: Workshop, text: str) -> None:
    table = shop.value({text: 1})
    assert shop.builtin("keys", {text: 1}) == [text]
    assert shop.vm.call(found, table, shop.value(text)) == (INT, 1)
    assert shop.vm.call(found, table, (INT, 5)) == (UNBOUND, 0)


# -------------------------------------------------------------------- indexing and places


def failing(shop: Workshop, native_function: Any, *arguments: Any) -> str:
    result = shop.vm.call(native_function, *arguments)
    assert result[0] == ERROR
    return shop.vm.error_text()


@pytest.mark.parametrize(
    ("base", "index", "message"),
    [
        ({"a": 1}, "b", 'Missing map key: "b"'),
        ({"a": 1}, "7", 'Missing map key: "7"'),
        ({"a": 1}, 7, "Missing map key: 7"),
        ({}, 'q"\\\n\t\r', 'Missing map key: "q\\"\\\\\\n\\t\\r"'),
        ({}, True, "Invalid index operation"),
        ({}, 1.0, "Invalid index operation"),
        ([1], 1, "Index out of bounds: 1"),
        ([1], -2, "Index out of bounds: -2"),
        ([1], "0", "Invalid index operation"),
        ("äb", 2, "Index out of bounds: 2"),
        (5, 0, "Invalid index operation"),
    ],
)
def test_reading_what_is_not_there_raises(shop: Workshop, base: Any, index: Any, message: str) -> None:
    assert failing(shop, read_index, shop.value(base), shop.value(index)) == message


def test_indexing_counts_from_either_end(shop: Workshop) -> None:
    for base, index, expected in (([1, 2, 3], -1, 3), ("äbc", -3, "ä"), ("abc", 1, "b"), ([True], 0, True)):
        assert shop.python(shop.call(read_index, shop.value(base), shop.value(index))) == expected


@pytest.mark.parametrize(
    ("base", "index", "message"),
    [
        ([1], 1, "Index out of bounds: 1"),
        ([1], 0.0, "Invalid index assignment"),
        ({}, None, "Invalid index assignment"),
        ("abc", 0, "Invalid index assignment"),
        (None, 0, "Invalid index assignment"),
    ],
)
def test_writing_where_nothing_can_be_raises(shop: Workshop, base: Any, index: Any, message: str) -> None:
    assert failing(shop, write_index, shop.value(base), shop.value(index), (INT, 0)) == message


def test_writing_through_a_place_copies_only_what_others_hold(shop: Workshop) -> None:
    inner = shop.value([1, 2])
    first, second = shop.value({"xs": 0}), shop.value([0])
    key = shop.value("xs")
    native().call(mark, inner)
    shop.vm.call(write_index, first, key, inner)
    shop.vm.call(write_index, second, (INT, 0), inner)
    place = shop.call(indexing.place_index, first, key)
    shop.vm.call(write_index, place, (INT, 0), (INT, 9))
    assert shop.python(first) == {"xs": [9, 2]}
    assert shop.python(second) == [[1, 2]]
    assert shop.call(indexing.place_index, first, key) == place
    assert failing(shop, indexing.place_index, first, shop.value("no")) == 'Missing map key: "no"'


def test_owning_copies_shared_containers_and_nothing_else(shop: Workshop) -> None:
    table = shop.value({"a": [1]})
    assert shop.call(owned, table) == table
    native().call(mark, table)
    copy = shop.call(owned, table)
    assert copy != table
    shop.vm.call(write_index, copy, shop.value("a"), (INT, 0))
    assert (shop.python(table), shop.python(copy)) == ({"a": [1]}, {"a": 0})
    assert shop.call(owned, shop.value("text"))[0] == STRING


def test_spreading_and_literals(shop: Workshop) -> None:
    array, table = shop.value([1]), shop.value({"a": 1, "b": 2})
    shop.call(indexing.array_extend, array[1], shop.value(["x"]))
    shop.call(indexing.dict_extend, table[1], shop.value({"b": 3, "c": 4}))
    shop.call(indexing.dict_set_literal, table[1], (INT, 5), shop.value(None))
    assert shop.python(array) == [1, "x"]
    assert list(shop.python(table).items()) == [("a", 1), ("b", 3), ("c", 4), ("5", None)]
    assert failing(shop, indexing.array_extend, array[1], table) == "Can only spread arrays"
    assert failing(shop, indexing.dict_extend, table[1], array) == "Can only spread dicts"
    assert failing(shop, indexing.dict_set_literal, table[1], array, array) == "Dict keys must be strings"


# -------------------------------------------------------------- destructuring, iteration


def block_of(values: list[Pair]) -> Any:
    return (ctypes.c_int64 * (2 * len(values)))(*[word for value in values for word in value])


def pairs_of(block: Any) -> list[Pair]:
    return list(zip(block[::2], block[1::2], strict=True))


def parts_of(shop: Workshop, block: Any) -> list[Pair]:
    """The values that a pattern has given, kept alive, first the last one: the others have been part of something."""
    return [shop.keep(part) for part in reversed(pairs_of(block))][::-1]


@pytest.mark.parametrize(
    ("value", "count", "rest", "expected"),
    [
        ([1, 2, 3], 2, False, [1, 2]),
        ([1], 2, True, [1, None, []]),
        ([1, "b", 3.5], 1, True, [1, ["b", 3.5]]),
        (None, 1, True, [None, []]),
    ],
)
def test_array_patterns(shop: Workshop, value: Any, count: int, rest: bool, expected: list[Any]) -> None:
    out = block_of([(0, 0)] * (count + rest))
    shop.vm.call(destructuring.destructure_array, ctypes.addressof(out), shop.value(value), count, rest)
    assert [shop.python(item) for item in parts_of(shop, out)] == expected


@pytest.mark.parametrize(
    ("value", "names", "rest", "expected"),
    [
        ({"a": 1, "b": 2, "c": 3}, ["b"], True, [2, {"a": 1, "c": 3}]),
        ({"a": 1}, ["x", "a"], False, [None, 1]),
        (None, ["x"], True, [None, {}]),
    ],
)
def test_dict_patterns(shop: Workshop, value: Any, names: list[str], rest: bool, expected: list[Any]) -> None:
    out, words = block_of([(0, 0)] * (len(names) + rest)), block_of([shop.value(name) for name in names])
    table = shop.value(value)
    shop.vm.call(
        destructuring.destructure_dict,
        ctypes.addressof(out),
        table,
        ctypes.addressof(words),
        len(names),
        rest,
    )
    assert [shop.python(item) for item in parts_of(shop, out)] == expected
    assert shop.python(table) == value


def test_patterns_against_the_wrong_kind_raise(shop: Workshop) -> None:
    assert (
        failing(shop, destructuring.destructure_array, 0, (INT, 1), 0, False)
        == "Cannot destructure int as array"
    )
    wrong = shop.value([1])
    assert (
        failing(shop, destructuring.destructure_dict, 0, wrong, 0, 0, False)
        == "Cannot destructure array as dict"
    )


@pytest.mark.parametrize(
    ("value", "items"),
    [
        (3, [0, 1, 2]),
        (-1, []),
        (2.9, [0, 1]),
        (float("nan"), []),
        (["a", 1], ["a", 1]),
        ("aä🙂", ["a", "ä", "🙂"]),
        ({"b": 1, "10": 2, "a": 3, "9": 4}, ["b", "10", "a", "9"]),
        ([], []),
    ],
)
def test_loops_visit(shop: Workshop, value: Any, items: list[Any]) -> None:
    iterable = shop.value(value)
    state, out = block_of([iterable, shop.call(iteration_start, iterable)]), block_of([(0, 0)])
    visited = []
    while shop.vm.call(next_item, ctypes.addressof(state), ctypes.addressof(out)):
        visited.append(shop.python(shop.keep(pairs_of(out)[0])))
    assert same(visited, items)


def test_other_kinds_are_not_iterable(shop: Workshop) -> None:
    assert failing(shop, iteration_start, shop.value(None)) == "Cannot iterate over non-iterable type"


# ------------------------------------------------------------------------------ builtins


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("dict", [], {}),
        ("keys", [{"10": 0, "9": 0, "-1": 0}], ["-1", "9", "10"]),
        ("keys", [{"b": 0, "10": 0, "9": 0, "a": 0}], ["10", "9", "a", "b"]),
        ("keys", [[1]], []),
        ("values", [{"b": [2], "a": 1}], [1, [2]]),
        ("values", [5], []),
        ("items", [{2: "b", 1: "a"}], [["1", "a"], ["2", "b"]]),
        ("has_key", [{"5": 0}, 5], 1),
        ("has_key", [{"5": 0}, "x"], 0),
        ("has_key", [3, "x"], 0),
        ("get", [{"a": 1}, "a"], 1),
        ("get", [{"a": 1}, "b"], None),
        ("get", [{"a": 1}, "b", 9], 9),
        ("get", [None, "b", 9], 9),
        ("get", [{"a": 1}, None, 9], 9),
        ("get_default", [{"a": None}, "a", 9], None),
        ("get_default", [{}, 3, [9]], [9]),
        ("delete", [{"a": 1, "b": 2}, "a"], {"b": 2}),
        ("delete", [{"a": 1}, "x"], {"a": 1}),
        ("merge", [{"a": 1, "b": 2}, {"b": 3, "c": 4}], {"a": 1, "b": 3, "c": 4}),
        ("update", [{}, {"x": 1}], {"x": 1}),
        ("merge", [{"a": 1}, 5], {}),
        (
            "invert",
            [{"a": 1, "b": 2.5, "c": True, "d": [1], "e": "t"}],
            {"1": "a", "2.5": "b", "true": "c", "t": "e"},
        ),
        ("is_empty", [{}], True),
    ],
)
def test_builtins_give(shop: Workshop, name: str, arguments: list[Any], expected: Any) -> None:
    assert same(shop.builtin(name, *arguments), expected)


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("delete", [[1], "a"], "delete() requires a dict argument"),
        ("invert", [3], "invert() requires a dict argument"),
        ("get_default", [{}, "a"], "get_default() requires 3 arguments: dict, key, default_value"),
        ("get_default", [[], "a", 1], "get_default() requires 3 arguments: dict, key, default_value"),
        ("remove", [{}, None], "remove() requires an array or dictionary-like value with a valid key/item"),
        ("clear", ["x"], "clear() requires an array or dict argument"),
    ],
)
def test_builtins_refuse(shop: Workshop, name: str, arguments: list[Any], message: str) -> None:
    with pytest.raises(RuffFailure) as failure:
        shop.builtin(name, *arguments)
    assert str(failure.value) == message


@pytest.mark.parametrize(("name", "rest"), [("delete", ["a"]), ("merge", [{"z": 1}]), ("remove", ["a"])])
def test_only_shared_dicts_are_copied_by_builtins(shop: Workshop, name: str, rest: list[Any]) -> None:
    table = shop.value({"a": 1, "b": 2})
    native().call(mark, table)
    shop.run(name, table, *[shop.value(item) for item in rest])
    assert shop.python(table) == {"a": 1, "b": 2}
    alone = shop.value({"a": 1, "b": 2})
    shop.run(name, alone, *[shop.value(item) for item in rest])
    assert shop.python(alone) != {"a": 1, "b": 2}


@given(st.lists(KEYS, max_size=100), st.booleans())
@settings(max_examples=80, deadline=None)
def test_keys_come_in_canonical_order(keys: list[Any], stress: bool) -> None:
    shop = fresh(int(stress))
    texts = {str(key) for key in keys}
    canonical = all(text.lstrip("-").isdigit() and str(int(text)) == text for text in texts if text.isascii())
    canonical = canonical and all(text.isascii() and -(2**63) <= int(text) < 2**63 for text in texts)
    expected = sorted(texts, key=int) if canonical else sorted(texts)
    assert shop.builtin("keys", dict.fromkeys(keys, 0)) == expected
    shop.vm.close()
