"""How many slots of a dict's index a search looks at, for keys as programs have them."""

from __future__ import annotations

import ctypes
import random
from collections.abc import Callable
from functools import cache

import pytest

from rufflang.lowpy import Ptr, function, i64, u32
from rufflang.runtime.dicts import dict_insert, new_dict
from rufflang.runtime.dicts_finding import find_int
from rufflang.runtime.dicts_index import EMPTY_SLOT, Probe, entry_in, fill_slot, int_probe, next_probe, slot_content
from rufflang.runtime.objects import DictObject
from rufflang.runtime.values import INT, Value
from rufflang.runtime.vm import VM
from tests.runtime.vm_fixture import NativeModule

SIZES = [12, 16, 300, 1000, 4096, 50_000, 65_536]
LAST = 2**63 - 1


@function
def table_of(vm: VM, keys: Ptr[i64], count: i64) -> DictObject:
    table = new_dict(vm, 0)
    for i in range(count):
        dict_insert(vm, table, Value(INT, keys[i]), Value(INT, i))
    return table


@function
def _slots_seen(table: DictObject, number: i64) -> i64:
    entry = find_int(table, number)
    probe = int_probe(table, number)
    seen = 1
    while True:
        content = slot_content(table, probe.slot)
        if content == EMPTY_SLOT or (entry >= 0 and entry_in(table, content) == entry):
            return seen
        probe = next_probe(table, probe)
        seen += 1


@function
def slots_seen(table: DictObject, keys: Ptr[i64], count: i64) -> i64:
    """For all keys together."""
    seen = 0
    for i in range(count):
        seen += _slots_seen(table, keys[i])
    return seen


@function
def most_slots_seen(table: DictObject, keys: Ptr[i64], count: i64) -> i64:
    most = 0
    for i in range(count):
        seen = _slots_seen(table, keys[i])
        most = seen if seen > most else most
    return most


@function
def wrong_entries(table: DictObject, keys: Ptr[i64], count: i64) -> i64:
    wrong = 0
    for i in range(count):
        if find_int(table, keys[i]) != i:
            wrong += 1
    return wrong


@function
def distinct_places(table: DictObject, number: i64, count: i64) -> i64:
    """How many slots the first `count` probes of a search look at, when it starts in an empty index."""
    probe: Probe = int_probe(table, number)
    places = 0
    for _ in range(count):
        if slot_content(table, probe.slot) == EMPTY_SLOT:
            places += 1
            fill_slot(table, probe.slot, u32(1))
        probe = next_probe(table, probe)
    return places


@cache
def native() -> NativeModule:
    return NativeModule([table_of, slots_seen, most_slots_seen, wrong_entries, distinct_places])


def as_words(numbers: list[int]) -> ctypes.Array[ctypes.c_int64]:
    return (ctypes.c_int64 * len(numbers))(*numbers)


def grid(width: int) -> Callable[[int], list[int]]:
    """Keys `x * width + y` of a square."""

    def keys(count: int) -> list[int]:
        side = int(count**0.5)
        return [x * width + y for x in range(side) for y in range(side)]

    return keys


def ranges(*starts: int) -> Callable[[int], list[int]]:
    """Keys that ascend from several starts in turn."""
    return lambda count: [start + i for i in range(count // len(starts)) for start in starts]


def multiples(factor: int) -> Callable[[int], list[int]]:
    return lambda count: [i * factor for i in range(-(count // 3), count - count // 3)]


def scattered(bits: int) -> Callable[[int], list[int]]:
    """Random ints of so many bits, with a sign."""

    def keys(count: int) -> list[int]:
        source = random.Random(bits)
        return list({source.getrandbits(bits) - (1 << (bits - 1)) for _ in range(count)})

    return keys


PATTERNS: dict[str, Callable[[int], list[int]]] = {
    "ascending": ranges(0),
    "descending": lambda count: list(range(count, 0, -1)),
    "negative": ranges(-100_000_000),
    "the largest ints": lambda count: [LAST - i for i in range(count)],
    "two ranges": ranges(0, 1_000_000_000),
    "three ranges": ranges(-5_000_000, 123_456_789, 1 << 40),
    **{f"multiples of 2^{bits}": multiples(1 << bits) for bits in (1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 21, 32, 40)},
    **{f"multiples of 10^{digits}": multiples(10**digits) for digits in (1, 2, 3, 4, 6, 9)},
    **{f"grid of {width}": grid(width) for width in (1000, 1024, 10_000, 65_536, 1_000_000, 1 << 20, 1 << 32)},
    "squares": lambda count: [i * i for i in range(count)],
    "milliseconds": lambda count: [1_700_000_000_000 + i * 97 + i * i % 89 for i in range(count)],
    "random 32 bits": scattered(32),
    "random 64 bits": scattered(64),
}
"""Numbers of keys to keys."""


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_key_is_found_in_few_slots_and_in_hardly_more_where_there_is_none(pattern: str) -> None:
    machine = native().vm()
    strangers = as_words(scattered(64)(2000))
    for size in SIZES:
        numbers = PATTERNS[pattern](size)
        keys = as_words(numbers)
        table = machine.call(table_of, ctypes.addressof(keys), len(keys))
        arguments = (table, ctypes.addressof(keys), len(keys))
        assert native().call(wrong_entries, *arguments) == 0
        assert native().call(slots_seen, *arguments) <= (5 if size > 16 else 7) * len(keys)
        assert native().call(most_slots_seen, *arguments) <= 120
        assert native().call(slots_seen, table, ctypes.addressof(strangers), 2000) <= 8 * 2000
    machine.close()


def test_ascending_keys_are_found_in_their_first_slot() -> None:
    machine = native().vm()
    for size in SIZES:
        keys = as_words(list(range(size)))
        table = machine.call(table_of, ctypes.addressof(keys), size)
        assert native().call(slots_seen, table, ctypes.addressof(keys), size) <= size * 1.02
    machine.close()


def test_keys_made_to_begin_in_the_same_slot_part_at_the_first_jump() -> None:
    machine = native().vm()
    modulus = 1 << 64
    back = pow(0x9E3779B97F4A7C15, -1, modulus)
    rows = [(5 << 50 | i) * back % modulus for i in range(200_000)]
    numbers = [(row - modulus if row >> 63 else row) << 10 for row in rows]
    keys = as_words([number for number in numbers if -(2**63) <= number < 2**63][:3000])
    assert len(keys) > 100
    table = machine.call(table_of, ctypes.addressof(keys), len(keys))
    assert native().call(slots_seen, table, ctypes.addressof(keys), len(keys)) <= 20 * len(keys)
    machine.close()


@pytest.mark.parametrize("number", [0, 1, -1, LAST, 12345])
def test_a_search_comes_to_every_slot(number: int) -> None:
    machine = native().vm()
    keys = as_words(list(range(1000)))
    table = machine.call(table_of, ctypes.addressof(keys), 1000)
    assert native().call(distinct_places, table, number, 400_000) == 4096 - 1000
    machine.close()
