"""Short texts that are numbers, as dicts take them for ints: `0`, and up to eight digits that begin with another one.

The hash of such a text says which number it is, and that of any other text that it is none.  As a hash is kept in its
string, and a text made of an int gets it at once, an int that has become a text on its way out of a dict is found
again without reading a digit.
"""

from __future__ import annotations

from rufflang.lowpy import function, i64, likely, select, u32, u64

EIGHT_DIGITS = 10**8  # below it are the numbers with at most eight

_ZERO = 48
_ZEROS = 0x3030303030303030
_HIGH_BITS = 0x8080808080808080
_REACH_HIGH_BITS = 0x7676767676767676  # what takes 10 to the high bit of a byte, but not 9


@function(inline=True)
def numeral_hash(number: u64) -> u32:
    """The hash of the text of a number below EIGHT_DIGITS; not 0, which means that a hash is not known."""
    return u32(number) + 1


@function(inline=True)
def hash_of_other(mixed: u32) -> u32:
    """The hash of a text that is no short number."""
    return select(mixed <= EIGHT_DIGITS, ~mixed, mixed)


@function(inline=True)
def hashed_number(hashed: u32) -> i64:
    """The number whose text has this hash; -1 if it is that of another text, or not known."""
    number = u64(hashed - u32(1))
    return i64(number) if number < u64(EIGHT_DIGITS) else i64(-1)


@function(inline=True)
def number_in_word(tail: u64, size: i64) -> i64:
    """The number that a text of 1 to 8 bytes, given with zeros in front of them, is the text of; else -1."""
    first = (tail >> u64(64 - size * 8) & 0xFF) - u64(_ZERO)
    if likely(first > 9) or (first == 0 and size > 1):
        return -1
    digits = tail ^ (u64(_ZEROS) << u64(64 - size * 8))
    if ((digits + u64(_REACH_HIGH_BITS)) | digits) & u64(_HIGH_BITS) != 0:
        return -1
    # Neighbours are put together, side by side in the word: digits, then pairs, then quarters.
    pairs = digits * 10 + (digits >> 8) & 0x00FF00FF00FF00FF
    quarters = pairs * 100 + (pairs >> 16) & 0x0000FFFF0000FFFF
    return i64(quarters * 10000 + (quarters >> 32) & 0xFFFFFFFF)
