"""Strings of one character.

Those of ASCII always exist.  Of the others, whichever was asked for last is kept in a table by its code point until the
next collection: a text is mostly written in one script, whose characters come again and again.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, function, likely, u8, u32
from rufflang.runtime.heap_layout import CHARACTERS, heap_of
from rufflang.runtime.objects import StringObject
from rufflang.runtime.strings import (
    FIRST_BEYOND_ASCII,
    character_size,
    decode_character,
    new_counted_string,
)
from rufflang.runtime.vm import VM


@function
def character_string(vm: VM, data: Ptr[u8]) -> StringObject:
    """The character that starts at `data`."""
    code = decode_character(data)
    if code < FIRST_BEYOND_ASCII:
        return vm.ascii_strings[code]
    heap = heap_of(vm)
    slot = code & (CHARACTERS - 1)
    if likely(heap.character_codes[slot] == u32(code)):
        return heap.characters[slot]
    made = new_counted_string(vm, data, character_size(data[0]), 1)
    heap.character_codes[slot] = u32(code)
    heap.characters[slot] = made
    return made
