"""Finding the entry of a key in a dict.

Programs mostly ask for the same key several times in a row, `d[k]` after `has_key(d, k)`, writing after
reading.  So `recent` keeps the number of the entry found last, plus one, in its low 31 bits.  Whether it is the
one for an int, the entry tells.  For a string the upper half has those bits of its address that tell strings
apart; bit 31 says that it has not.

Strings that are keys of a large dict are often looked up in the order in which they were put in.  Their slots are
anywhere, and the memory of a large index is slow; so once that is noticed (`flags` has IN_ORDER), the entry behind the
one found last is asked before the index.
"""

from __future__ import annotations

from rufflang.lowpy import function, i64, likely, u8, u32, u64, unlikely, word
from rufflang.runtime.dicts_entries import entry_key, entry_value
from rufflang.runtime.dicts_few import find_among_few, find_at_once, find_int_among_few
from rufflang.runtime.dicts_index import (
    EMPTY_SLOT,
    Probe,
    entry_in,
    first_candidate,
    int_probe,
    may_be_entry,
    next_probe,
    slot_content,
    string_probe,
)
from rufflang.runtime.dicts_keys import normalise_text
from rufflang.runtime.numerals import hashed_number
from rufflang.runtime.objects import IN_ORDER, DictObject, StringObject
from rufflang.runtime.strings import WORD, as_string, string_hash, string_value
from rufflang.runtime.strings_comparing import same_bytes, same_few_bytes
from rufflang.runtime.values import INT, STRING, Value, int_value, unbound
from rufflang.runtime.vm import VM

_IS_NO_STRING = 1 << 31  # in `recent`
_ENTRY_BITS = _IS_NO_STRING - 1
_LARGE = 1 << 17  # slots of an index that is not expected to be in the nearer caches


@function(inline=True)
def _is_int_key(key: Value, number: i64) -> bool:
    return key.payload == number and key.tag == INT


@function(inline=True)
def find_int(table: DictObject, number: i64) -> i64:
    """The entry with this INT key, or -1."""
    entry = i64(u32(table.recent) & _ENTRY_BITS) - 1
    if entry >= 0 and _is_int_key(entry_key(table, entry), number):
        return entry
    return _search_int(table, number)


@function
def _search_int(table: DictObject, number: i64) -> i64:
    """`find_int` without asking what was found last: mostly the int is in the first slot.

    In a large dict the entry there is not looked at if it is another one, as the bits in the slot tell.
    """
    if likely(table.last_slot != 0):
        probe = int_probe(table, number)
        content = slot_content(table, probe.slot)
        entry = entry_in(table, content)
        if entry >= 0 and (likely(table.last_slot <= _LARGE) or may_be_entry(table, content, probe)):
            if _is_int_key(entry_key(table, entry), number):
                table.recent = u64(_IS_NO_STRING | (entry + 1))
                return entry
        elif content == EMPTY_SLOT:
            return -1
        return _search_int_further(table, number)
    return find_int_among_few(table, number)


@function(inline=True)
def _is_string_key(key: Value, text: StringObject) -> bool:
    if key.tag != STRING:
        return False
    other = as_string(key)
    return other == text or (other.byte_count == text.byte_count and same_bytes(other, text))


@function(inline=True)
def _search_slots(table: DictObject, first: Probe, key: Value) -> i64:
    """The entry of a normalised key, in whichever slot that begins at the `first` one; -1 if in none."""
    probe = first
    while True:
        content = slot_content(table, probe.slot)
        if may_be_entry(table, content, first):
            entry = entry_in(table, content)
            if entry >= 0:
                other = entry_key(table, entry)
                if _is_int_key(other, key.payload) if key.tag == INT else _is_string_key(other, as_string(key)):
                    return entry
        if content == EMPTY_SLOT:
            return -1
        probe = next_probe(table, probe)


@function(cold=True)
def _search_int_further(table: DictObject, number: i64) -> i64:
    entry = _search_slots(table, int_probe(table, number), int_value(number))
    if entry >= 0:
        table.recent = u64(_IS_NO_STRING | (entry + 1))
    return entry


@function(inline=True)
def _address_bits(text: StringObject) -> u64:
    """What tells the string from every other one: cells have 16 bytes at least, and no heap is larger than 2 ** 36."""
    return u64(word(text)) >> 4 << 32


@function(inline=True)
def recent_entry(table: DictObject, text: StringObject) -> i64:
    """The entry of the string if it is the one that was looked up last; else what is no entry (`is_entry`)."""
    return i64(table.recent ^ _address_bits(text)) - 1


@function(inline=True)
def is_entry(number: i64) -> bool:
    """Whether this is the number of an entry."""
    return u64(number) < u64(_ENTRY_BITS)


@function(inline=True)
def _remember(table: DictObject, text: StringObject, entry: i64) -> i64:
    if unlikely(table.last_slot > _LARGE) and entry == i64(table.recent & u64(_ENTRY_BITS)):
        table.flags |= IN_ORDER
    table.recent = _address_bits(text) | u64(entry + 1)
    return entry


@function(inline=True)
def find_few(table: DictObject, text: StringObject) -> i64:
    """The entry of a string in a dict without an index if that is found at once, and then remembered; else -1."""
    entry = find_at_once(table, text)
    if entry >= 0:
        table.recent = _address_bits(text) | u64(entry + 1)
    return entry


@function
def _find_next(table: DictObject, text: StringObject) -> i64:
    """`find_string` where keys were looked up in their order; also -1 if this one is not the next."""
    entry = i64(table.recent & u64(_ENTRY_BITS))
    if entry < table.used and _is_string_key(entry_key(table, entry), text):
        table.recent = _address_bits(text) | u64(entry + 1)
        return entry
    table.flags &= u8(~IN_ORDER & 0xFF)
    return -1


@function
def find_string(table: DictObject, text: StringObject) -> i64:
    """The entry with this STRING key, which is no canonical decimal, or -1.

    Mostly it is in the first group of slots, in the first one with the right bits, and it is the very same string
    or a short one.  To see that takes no call and few registers.
    """
    if unlikely(table.flags & IN_ORDER != 0):
        entry = _find_next(table, text)
        if entry >= 0:
            return entry
    if likely(table.last_slot != 0):
        if text.aux == 0:
            return _find_new_string(table, text)
        found = first_candidate(table, string_probe(table, text))
        entry = entry_in(table, found)
        if entry >= 0:
            key = entry_key(table, entry)
            if key.tag == STRING:
                other = as_string(key)
                if other == text:
                    return _remember(table, text, entry)
                if other.byte_count == text.byte_count:
                    if text.byte_count > WORD * 2:
                        return _find_long_string(table, text, entry)
                    if same_few_bytes(other, text):
                        return _remember(table, text, entry)
        elif found == EMPTY_SLOT:
            return -1
    else:
        entry = find_few(table, text)
        if entry >= 0:
            return entry
    return _find_string_further(table, text)


@function(cold=True)
def _find_new_string(table: DictObject, text: StringObject) -> i64:
    """`find_string` where the hash is not known yet."""
    string_hash(text)
    return find_string(table, text)


@function
def _find_long_string(table: DictObject, text: StringObject, entry: i64) -> i64:
    """`find_string` where most probably it is the key of this entry, which has the same size."""
    if same_bytes(as_string(entry_key(table, entry)), text):
        return _remember(table, text, entry)
    return _find_string_further(table, text)


@function(cold=True)
def _find_string_further(table: DictObject, text: StringObject) -> i64:
    if table.last_slot == 0:
        entry = find_among_few(table, text)
    else:
        entry = _search_slots(table, string_probe(table, text), string_value(text))
    return entry if entry < 0 else _remember(table, text, entry)


@function(inline=True)
def dict_find(table: DictObject, key: Value) -> i64:
    """The entry number of a normalised key, or -1."""
    if key.tag == INT:
        return find_int(table, key.payload)
    return find_string(table, as_string(key))


@function(inline=True)
def find_text(vm: VM, table: DictObject, key: Value) -> i64:
    """The entry number of a STRING, or -1; made for one that is not known to be a short number."""
    return dict_find(table, normalise_text(vm, key))


@function(inline=True)
def find_short(table: DictObject, text: StringObject) -> i64:
    """The entry of a text that is known to be a short number, or is found at once in a dict without an index; else -1.

    Also -1 where a number is not there.
    """
    number = hashed_number(text.aux)
    return find_int(table, number) if number >= 0 else find_few(table, text)


@function
def _find_text(vm: VM, table: DictObject, key: Value) -> i64:
    number = hashed_number(as_string(key).aux)
    if number >= 0:
        return find_int(table, number)
    entry = find_few(table, as_string(key))
    return entry if entry >= 0 else _find_text_further(vm, table, key)


@function
def _find_text_further(vm: VM, table: DictObject, key: Value) -> i64:
    return find_text(vm, table, key)


@function(inline=True)
def find_key(vm: VM, table: DictObject, key: Value) -> i64:
    """The entry number of a STRING or INT, or -1."""
    if key.tag == INT:
        return find_int(table, key.payload)
    entry = recent_entry(table, as_string(key))
    if is_entry(entry):
        return entry
    return _find_text(vm, table, key)


@function(inline=True)
def dict_get(table: DictObject, key: Value) -> Value:
    """The value of a normalised key, borrowed; UNBOUND when absent."""
    entry = dict_find(table, key)
    if entry < 0:
        return unbound()
    return entry_value(table, entry)
