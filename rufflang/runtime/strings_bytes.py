"""One byte looked for in a text, eight places at a time."""

from __future__ import annotations

from rufflang.lowpy import function, i64, population_count, u8, u64
from rufflang.runtime.objects import StringObject
from rufflang.runtime.strings import WORD, text_words

EACH_BYTE = 0x0101010101010101
LOW_BITS = 0x7F7F7F7F7F7F7F7F


@function(inline=True)
def zero_bytes(word: u64) -> u64:
    """The highest bit of each byte that is zero."""
    return ~(((word & u64(LOW_BITS)) + u64(LOW_BITS)) | word | u64(LOW_BITS))


@function(inline=True)
def pattern_of(byte: u8) -> u64:
    """A word of which each byte is this one."""
    return u64(byte) * u64(EACH_BYTE)


@function(inline=True)
def words_of(text: StringObject) -> i64:
    """How many words a text takes."""
    return (text.byte_count + WORD - 1) >> 3


@function
def count_byte(text: StringObject, byte: u8) -> i64:
    """How often a byte occurs in a text."""
    words = text_words(text)
    pattern = pattern_of(byte)
    count = 0
    for i in range(text.byte_count >> 3):
        count += i64(population_count(zero_bytes(words[i] ^ pattern)))
    rest = text.byte_count & (WORD - 1)
    if rest != 0:
        last = zero_bytes(words[text.byte_count >> 3] ^ pattern)
        count += i64(population_count(last << u64(WORD - rest) * 8))
    return count
