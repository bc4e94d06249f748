"""Texts of up to two words, put together of short parts in registers.

Most of what programs interpolate are short texts and small numbers.  Written to memory one after the other, they would
have to arrive there before what has become of them can be read as words.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, function, i64, null, size_of, u64
from rufflang.runtime.heap import allocate_unzeroed
from rufflang.runtime.numbers import few_digits
from rufflang.runtime.numerals import EIGHT_DIGITS
from rufflang.runtime.objects import StringObject
from rufflang.runtime.strings import WORD, as_string, seal_counted, text_words
from rufflang.runtime.strings_words import word_string
from rufflang.runtime.values import INT, STRING, Value
from rufflang.runtime.vm import VM

_WORD_BITS = 64


@function
def short_text(vm: VM, parts: Ptr[Value], count: i64) -> StringObject:
    """The display texts of values one behind the other; null unless each is at most a word, and all are two."""
    low: u64 = 0
    high: u64 = 0
    size = 0
    characters = 0
    for index in range(count):
        part = parts[index]
        bits: u64 = 0
        length = 0
        if part.tag == STRING:
            text = as_string(part)
            length = text.byte_count
            if length > WORD:
                return null(StringObject)
            bits = text_words(text)[0]
            characters += text.char_count
        elif part.tag == INT and u64(part.payload) < u64(EIGHT_DIGITS):
            digits = few_digits(u64(part.payload))
            bits = digits.word
            length = digits.count
            characters += length
        else:
            return null(StringObject)
        if size + length > WORD * 2:
            return null(StringObject)
        if length > 0:
            unused = u64(WORD - length) * 8
            bits = bits << unused >> unused
            shift = u64(size & (WORD - 1)) * 8
            if size >= WORD:
                high = high | bits << shift
            else:
                low = low | bits << shift
                if shift > 0:
                    high = high | bits >> (_WORD_BITS - shift)
            size += length
    if size > WORD:
        return _two_words(vm, low, high, size, characters)
    return _one_word(vm, low, size, characters)


@function(inline=True)
def _one_word(vm: VM, low: u64, size: i64, characters: i64) -> StringObject:
    if size == 0:
        return vm.empty_string
    if size == 1:
        return vm.ascii_strings[i64(low)]
    return word_string(vm, low, size, characters)


@function(inline=True)
def _two_words(vm: VM, low: u64, high: u64, size: i64, characters: i64) -> StringObject:
    text = cast(StringObject, allocate_unzeroed(vm, size_of(StringObject) + WORD * 2, STRING))
    text.data = text.inline_bytes
    text.byte_count = size
    text.char_count = characters
    text_words(text)[0] = low
    text_words(text)[1] = high
    return seal_counted(text)
