"""Finding a key in a dict that has no index, because it has room for a few entries only.

`guide` of such a dict has a byte for each entry: part of the hash of a string, or of an int, which never look
alike, or 0 where there is no key.  All of them are compared with that of a key at once, in a machine register, so only
an entry that most probably is the right one is looked at, wherever it stands; and mostly none if none is right.
"""

from __future__ import annotations

from rufflang.lowpy import cast, count_trailing_zeros, function, i64, u64
from rufflang.runtime.objects import DictObject, StringObject, entry_at
from rufflang.runtime.strings import WORD, as_string, string_hash
from rufflang.runtime.strings_comparing import same_bytes, same_few_bytes
from rufflang.runtime.values import STRING, Value

_EACH_BYTE = 0x0101010101010101
_HIGH_BITS = _EACH_BYTE << 7
_HASH_SHIFT = 25  # leaves of the 32 bits of a hash as many as fit below the high bit of a byte
_IS_STRING = 0x80
_IS_INT = 0x40
_INT_BITS = 0x3F
_INT_SHIFT = 6  # multiples of a power of two are told apart too


@function(inline=True)
def _hash_byte(text: StringObject) -> u64:
    return u64(string_hash(text) >> _HASH_SHIFT | _IS_STRING)


@function(inline=True)
def _int_byte(number: i64) -> u64:
    return u64(((number >> _INT_SHIFT) ^ number) & _INT_BITS | _IS_INT)


@function(inline=True)
def note_key(table: DictObject, key: Value, entry: i64) -> None:
    """Notes which key an entry has got that had none."""
    byte = _hash_byte(as_string(key)) if key.tag == STRING else _int_byte(key.payload)
    table.guide |= byte << u64(entry * 8)


@function(inline=True)
def forget_key(table: DictObject, entry: i64) -> None:
    """The entry has no key any more."""
    table.guide &= ~(u64(0xFF) << u64(entry * 8))


@function(inline=True)
def _candidates(table: DictObject, byte: u64) -> u64:
    """The high bits of the bytes of those entries that may be the one of a key with this byte."""
    different = table.guide ^ byte * u64(_EACH_BYTE)
    # A carry may add bytes that differ by 1: they belong to other keys of the same kind.
    return (different - u64(_EACH_BYTE)) & ~different & u64(_HIGH_BITS)


@function(inline=True)
def _key_text(table: DictObject, entry: i64) -> StringObject:
    """The key of an entry that is known to be a string."""
    return cast(StringObject, entry_at(table.entries, entry).key)


@function(inline=True)
def _first_of(candidates: u64) -> i64:
    return i64(count_trailing_zeros(candidates) >> 3)


@function(inline=True)
def find_at_once(table: DictObject, text: StringObject) -> i64:
    """The entry of this string if that is found without a call and with few registers, as it mostly is, else -1."""
    if table.last_slot == 0 and text.aux != 0:
        candidates = _candidates(table, _hash_byte(text))
        if candidates != 0:
            entry = _first_of(candidates)
            other = _key_text(table, entry)
            if other == text:
                return entry
            if other.byte_count == text.byte_count and text.byte_count <= WORD * 2 and same_few_bytes(other, text):
                return entry
    return -1


@function(inline=True)
def find_int_among_few(table: DictObject, number: i64) -> i64:
    """The entry with this int as its key, or -1."""
    candidates = _candidates(table, _int_byte(number))
    while candidates != 0:
        entry = _first_of(candidates)
        if entry_at(table.entries, entry).key == number:
            return entry
        candidates &= candidates - 1
    return -1


@function
def find_among_few(table: DictObject, text: StringObject) -> i64:
    """The entry with this string as its key, or -1."""
    if table.guide == 0:
        return -1
    candidates = _candidates(table, _hash_byte(text))
    while candidates != 0:
        entry = _first_of(candidates)
        other = _key_text(table, entry)
        if other == text or (other.byte_count == text.byte_count and same_bytes(other, text)):
            return entry
        candidates &= candidates - 1
    return -1
