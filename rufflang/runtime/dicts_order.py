"""Canonical order of dict keys: by number when all are ints, else by code point."""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, function, i64
from rufflang.runtime.arrays import array_words, new_packed
from rufflang.runtime.dicts_finding import entry_key
from rufflang.runtime.dicts_keys import key_string
from rufflang.runtime.heap import keep_alive, new_buffer, new_values
from rufflang.runtime.objects import INTS, ArrayObject, DictObject
from rufflang.runtime.sorting import BY_INT, BY_STRING, sort_values
from rufflang.runtime.strings import string_value
from rufflang.runtime.values import INT, UNBOUND, Value
from rufflang.runtime.vm import VM


@function
def canonical_order(vm: VM, table: DictObject) -> ArrayObject:
    """The numbers of the entries in canonical order, as an array of ints."""
    order = new_packed(vm, INTS, table.count)
    if table.count == 0:
        return order
    texts = 0
    place = 0
    for entry in range(table.used):
        tag = entry_key(table, entry).tag
        if tag != UNBOUND:
            array_words(order)[place] = entry
            place += 1
            texts += i64(tag != INT)
    if texts == 0:
        _sort_by_numbers(vm, table, order)
    else:
        _sort_by_texts(vm, table, order)
    return order


@function
def _sort_by_numbers(vm: VM, table: DictObject, order: ArrayObject) -> None:
    count = order.length
    words = array_words(order)
    ascending = True
    for i in range(1, count):
        if entry_key(table, words[i]).payload < entry_key(table, words[i - 1]).payload:
            ascending = False
            break
    if ascending:
        return
    pairs = cast(Ptr[Value], new_buffer(vm, count * 16).bytes)
    for i in range(count):
        pairs[i] = Value(words[i], entry_key(table, words[i]).payload)
    sort_values(vm, pairs, count, BY_INT)
    for i in range(count):
        words[i] = pairs[i].tag


@function
def _sort_by_texts(vm: VM, table: DictObject, order: ArrayObject) -> None:
    count = order.length
    words = array_words(order)
    texts = new_values(vm, count)
    for i in range(count):
        texts.items[i] = string_value(key_string(vm, entry_key(table, words[i])))
    sort_positions(vm, texts.items, words, count)
    keep_alive(texts)


@function
def sort_positions(vm: VM, texts: Ptr[Value], positions: Ptr[i64], count: i64) -> None:
    """Sorts numbers by the STRING values that stand at the same places in `texts`."""
    pairs = cast(Ptr[Value], new_buffer(vm, count * 16).bytes)
    for i in range(count):
        pairs[i] = Value(positions[i], texts[i].payload)
    sort_values(vm, pairs, count, BY_STRING)
    for i in range(count):
        positions[i] = pairs[i].tag
