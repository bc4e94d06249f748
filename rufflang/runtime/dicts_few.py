"""Finding a string in a dict that has no index, because it has room for a few entries only.

`guide` of such a dict has a byte for each entry: for one with a string as its key a part of the string's
hash, for any other 0.  All of them are compared with those of another string at once, in a machine register, so only
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


@function(inline=True)
def _hash_byte(text: StringObject) -> u64:
    return u64(string_hash(text) >> _HASH_SHIFT | _IS_STRING)


@function(inline=True)
def note_key(table: DictObject, key: Value, entry: i64) -> None:
    """Notes which key an entry has got that had none."""
    if key.tag == STRING:
        table.guide |= _hash_byte(as_string(key)) << u64(entry * 8)


@function(inline=True)
def forget_key(table: DictObject, entry: i64) -> None:
    """The entry has no key any more."""
    table.guide &= ~(u64(0xFF) << u64(entry * 8))


@function(inline=True)
def _candidates(table: DictObject, text: StringObject) -> u64:
    """The high bits of the bytes of those entries that may be the one of this string."""
    different = table.guide ^ _hash_byte(text) * u64(_EACH_BYTE)
    # A carry may add bytes that differ by 1: they belong to other strings.
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
        candidates = _candidates(table, text)
        if candidates != 0:
            entry = _first_of(candidates)
            other = _key_text(table, entry)
            if other == text:
                return entry
            if other.byte_count == text.byte_count and text.byte_count <= WORD * 2 and same_few_bytes(other, text):
                return entry
    return -1


@function
def find_among_few(table: DictObject, text: StringObject) -> i64:
    """The entry with this string as its key, or -1."""
    if table.guide == 0:
        return -1
    candidates = _candidates(table, text)
    while candidates != 0:
        entry = _first_of(candidates)
        other = _key_text(table, entry)
        if other == text or (other.byte_count == text.byte_count and same_bytes(other, text)):
            return entry
        candidates &= candidates - 1
    return -1
