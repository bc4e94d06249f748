"""Canonical order of dict keys: by number when all are ints, else by code point."""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, function, word
from rufflang.runtime.arrays import array_get, array_words, new_packed
from rufflang.runtime.dicts_entries import entry_key
from rufflang.runtime.dicts_finding import dict_find
from rufflang.runtime.dicts_keys import key_string, normalise_key
from rufflang.runtime.heap import new_buffer
from rufflang.runtime.objects import ArrayObject, DictObject
from rufflang.runtime.sorting import BY_INT, sort_values
from rufflang.runtime.sorting_strings import sort_strings
from rufflang.runtime.values import INT, STRING, UNBOUND, Value
from rufflang.runtime.vm import VM

CANONICAL_SIZE = 72  # bytes an entry that putting a dict in order takes, at most; callers ask the heap for them


@function
def canonical_order(vm: VM, table: DictObject) -> ArrayObject:
    """The numbers of the entries in canonical order, as an array of ints."""
    order = new_packed(vm, INT, table.count)
    words = array_words(order)
    if _has_texts(table):
        names = _sorted_texts(vm, table)
        for i in range(order.length):
            words[i] = dict_find(table, normalise_key(vm, array_get(names, i)))
        return order
    place = 0
    for entry in range(table.used):
        if entry_key(table, entry).tag != UNBOUND:
            words[place] = entry
            place += 1
    _sort_by_numbers(vm, table, order)
    return order


@function
def canonical_names(vm: VM, table: DictObject) -> ArrayObject:
    """The keys as texts in canonical order."""
    if _has_texts(table):
        return _sorted_texts(vm, table)
    order = canonical_order(vm, table)
    names = new_packed(vm, STRING, order.length)
    for i in range(order.length):
        array_words(names)[i] = word(key_string(vm, entry_key(table, array_words(order)[i])))
    return names


@function
def _sorted_texts(vm: VM, table: DictObject) -> ArrayObject:
    names = new_packed(vm, STRING, table.count)
    place = 0
    for entry in range(table.used):
        if entry_key(table, entry).tag != UNBOUND:
            array_words(names)[place] = word(key_string(vm, entry_key(table, entry)))
            place += 1
    sort_strings(vm, array_words(names), place)
    return names


@function
def _has_texts(table: DictObject) -> bool:
    for entry in range(table.used):
        tag = entry_key(table, entry).tag
        if tag != UNBOUND and tag != INT:
            return True
    return False


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
