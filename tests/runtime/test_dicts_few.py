"""Dicts without an index against Python's, with keys that are chosen to look alike in the bytes of their hashes."""

from __future__ import annotations

import ctypes
from collections import defaultdict
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rufflang.lowpy import Ptr, function, i64, u8
from rufflang.runtime import indexing
from rufflang.runtime.objects import DictObject
from rufflang.runtime.sharing import clone_container
from rufflang.runtime.strings import new_string, string_hash
from rufflang.runtime.values import ERROR, INT
from rufflang.runtime.vm import VM
from tests.runtime.container_values import Workshop, native, put, read_index, removed, same, write_index
from tests.runtime.vm_fixture import NativeModule, read_field


@function
def hash_of(vm: VM, data: Ptr[u8], size: i64) -> i64:
    return i64(string_hash(new_string(vm, data, size)))


@cache
def alike() -> tuple[list[str], list[str]]:
    """Texts of which all have the same hash byte, and texts of which some have one that differs in the lowest bit."""
    vm = NativeModule([hash_of]).vm()
    groups = defaultdict[int, list[str]](list)
    for number in range(2000):
        data = ctypes.create_string_buffer(f"k{number}".encode())
        groups[vm.call(hash_of, ctypes.addressof(data), len(data.value)) >> 25].append(f"k{number}")
    vm.close()
    even = next(byte for byte in groups if byte % 2 == 0 and min(len(groups[byte]), len(groups[byte + 1])) > 6)
    return groups[even][:6], groups[even][:3] + groups[even + 1][:3]


KEYS = st.integers(0, 5)
STEPS = st.lists(
    st.tuples(st.sampled_from(["write", "write", "read", "read", "has", "delete", "clone", "spread"]), KEYS),
    max_size=60,
)


def has_key(shop: Workshop, table: tuple[int, int], key: tuple[int, int]) -> bool:
    return bool(shop.run("contains", table, key)[1])


@given(st.booleans(), STEPS, st.booleans())
@settings(max_examples=150, deadline=None)
def test_keys_with_hash_bytes_that_look_alike_are_told_apart(differing: bool, steps: list[Any], stress: bool) -> None:
    names = [*alike()[differing][:5], "7"]
    shop = Workshop(native().vm(stress=int(stress)))
    table, model = shop.value({}), dict[str, int]()
    for number, (action, choice) in enumerate(steps):
        name = names[choice]
        key = shop.value(name)  # made anew, so it equals the key in the dict but is not the same string
        if action == "write":
            shop.vm.call(write_index, table, key, (INT, number))
            model[name] = number
        elif action == "read":
            result = shop.vm.call(read_index, table, key)
            assert result == (INT, model[name]) if name in model else result[0] == ERROR
        elif action == "has":
            assert has_key(shop, table, key) == (name in model)
        elif action == "delete":
            assert shop.vm.call(removed, table, key) == (name in model)
            model.pop(name, None)
        elif action == "clone":
            table = shop.call(clone_container, table)
        else:
            copy = shop.value({})
            shop.call(indexing.dict_extend, copy[1], table)
            table = copy
    assert read_field(table[1], DictObject, "last_slot") == 0
    assert list(shop.python(table).items()) == list(model.items())
    shop.vm.close()


@pytest.mark.parametrize("stress", [0, 1])
def test_a_key_is_found_while_a_dict_grows_from_few_entries_to_many(stress: int) -> None:
    shop = Workshop(native().vm(stress=stress))
    table = shop.value({})
    for count in range(40):
        shop.vm.call(write_index, table, shop.value(f"name {count}"), (INT, count))
        for number in range(count + 1):
            assert shop.vm.call(read_index, table, shop.value(f"name {number}")) == (INT, number)
        assert not has_key(shop, table, shop.value(f"name {count + 1}"))
    shop.vm.close()


def test_a_copy_remembers_nothing_of_what_was_found_in_the_original() -> None:
    shop = Workshop(native().vm())
    table, key = shop.value({"a": 1, "b": 2}), shop.value("b")
    assert shop.vm.call(read_index, table, key) == (INT, 2)
    copy = shop.call(clone_container, table)
    assert shop.vm.call(removed, copy, shop.value("a"))
    shop.vm.call(write_index, copy, shop.value("c"), (INT, 3))
    assert shop.vm.call(read_index, copy, key) == (INT, 2)
    shop.vm.call(write_index, copy, key, (INT, 4))
    assert same((shop.python(table), shop.python(copy)), ({"a": 1, "b": 2}, {"b": 4, "c": 3}))
    shop.vm.close()


def test_a_removed_key_that_was_remembered_is_gone_and_its_place_is_another_keys() -> None:
    shop = Workshop(native().vm())
    table, key = shop.value({"a": 1, "b": 2}), shop.value("b")
    assert shop.vm.call(read_index, table, key) == (INT, 2)
    assert shop.vm.call(removed, table, key)
    assert shop.vm.call(read_index, table, key)[0] == ERROR
    shop.vm.call(put, table, shop.value("c"), (INT, 3))
    assert shop.vm.call(read_index, table, key)[0] == ERROR
    assert same(shop.python(table), {"a": 1, "c": 3})
    shop.vm.close()


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 15, 16, 17, 63, 64, 65, 200])
def test_keys_of_every_size_are_told_from_those_that_differ_in_one_byte(size: int) -> None:
    shop = Workshop(native().vm())
    text = "x" * size
    table = shop.value({text: 1, text + "y": 2})
    assert shop.vm.call(read_index, table, shop.value(text)) == (INT, 1)
    assert shop.vm.call(read_index, table, shop.value(text + "y")) == (INT, 2)
    for place in range(size):
        assert not has_key(shop, table, shop.value(text[:place] + "z" + text[place + 1 :]))
    shop.vm.close()


def test_a_dict_made_for_a_few_entries_is_one_cell_until_it_has_more() -> None:
    shop = Workshop(native().vm(stress=1))
    table = shop.call(clone_container, shop.value({"a": [1], "b": [2]}))
    behind = read_field(table[1], DictObject, "room_behind")
    assert read_field(table[1], DictObject, "entries") == behind
    for name in "cdefghijk":
        shop.vm.call(write_index, table, shop.value(name), shop.value([name]))
    assert read_field(table[1], DictObject, "entries") != behind
    assert same(shop.python(table), {"a": [1], "b": [2], **{name: [name] for name in "cdefghijk"}})
    shop.vm.close()
