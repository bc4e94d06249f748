"""Texts of a few bytes, of which those made last are kept for whoever makes them again.

What programs take out of larger texts, or put together as keys of dicts, is mostly short and comes again and again:
words, fields, names, coordinates.  A text that is kept takes no new cell; its hash is known; and where it is the key
of a dict, it is found there without comparing.

A table has for each hash the text made last, and its bytes beside it, so that asking in vain costs one look at the
table.  It keeps nothing alive: a collection empties it.  Where most is asked for in vain, a credit is used up, and
nothing is kept any more until the next collection.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, function, i64, offset, u32, u64, word
from rufflang.runtime.heap_layout import KEPT_WORDS, heap_of
from rufflang.runtime.objects import StringObject
from rufflang.runtime.strings import (
    HIGH_BITS,
    WORD,
    allocate_word,
    hash_of_word,
    is_ascii,
    new_ascii_string,
    new_string,
    seal_counted,
    text_words,
)
from rufflang.runtime.vm import VM

_COST = 3  # how many texts have to be found for one that is not


@function(inline=True)
def are_words_kept(vm: VM) -> bool:
    """Whether a text may be there already, so that to hash it may pay even if nobody looks it up."""
    return heap_of(vm).word_credit >= 0


@function(inline=True)
def new_word(vm: VM, bits: u64, size: i64, characters: i64, hashed: u32) -> StringObject:
    """A text of 2 to 8 bytes, the lowest ones of `bits`, in a cell of its own; its hash is 0 if it is not known."""
    text = allocate_word(vm)
    text.byte_count = size
    text.char_count = characters
    text_words(text)[0] = bits
    text.aux = hashed
    return seal_counted(text)


@function(inline=True)
def word_string(vm: VM, bits: u64, size: i64, characters: i64) -> StringObject:
    """A text of 2 to 8 bytes, the lowest ones of `bits`, of which the others are zero, and of so many characters."""
    tail = bits << u64(WORD - size) * 8
    hashed = hash_of_word(tail, size)
    if not are_words_kept(vm):
        return new_word(vm, bits, size, characters, hashed)
    heap = heap_of(vm)
    slot = (i64(hashed) & (KEPT_WORDS - 1)) * 2
    # No other text has this sum, and none has 0: in UTF-8 the first byte of a text, to which the size of one with
    # eight is added, is never so large that more would come out than of any shorter one.
    known = tail + u64(size)
    if heap.kept_words[slot] == known:
        heap.word_credit += 1
        return cast(StringObject, i64(heap.kept_words[slot + 1]))
    text = new_word(vm, bits, size, characters, hashed)
    heap.kept_words[slot] = known
    heap.kept_words[slot + 1] = u64(word(text))
    heap.word_credit -= _COST
    return text


@function(inline=True)
def _few_bytes(text: StringObject, end: i64, size: i64) -> u64:
    """The bytes before `end`, up to eight of them, as the lowest ones of a word whose others are zero."""
    if end >= WORD:
        last = cast(Ptr[u64], offset(text.data, end - WORD))[0]
    else:
        last = text_words(text)[0] << u64(WORD - end) * 8
    return last >> u64(WORD - size) * 8


@function
def byte_slice(vm: VM, text: StringObject, start: i64, end: i64) -> StringObject:
    """The string of the bytes start … end - 1, which begin and end between characters."""
    size = end - start
    if size == text.byte_count:
        return text
    if size > 1 and size <= WORD:
        bits = _few_bytes(text, end, size)
        if bits & u64(HIGH_BITS) == 0:
            return word_string(vm, bits, size, size)
    if is_ascii(text):
        return new_ascii_string(vm, offset(text.data, start), size)
    return new_string(vm, offset(text.data, start), size)
