"""Which shapes of struct instances an instruction has met: inline caches for fields and methods.

A shape is the number of a struct's definition.  The interpreter looks at the one that an instruction
met first; up to three further shapes have words of their own before that.  Once there are more, the
mark MANY is set and the latest shape takes the place of the first.  The JIT makes a switch of the
shapes noted here, so nothing is forgotten before that.

Words of a field access: three further entries, then the first one; each has the shape in bits 32-63
and the field's place (`structs_layout`) in bits 0-15.  Words of a method call: the first shape in bits
32-63 (with what the compiler put into bits 0-15), three further entries (`method_entry`), and in the last
word the number of the first shape's method in bits 32-63 and its slot in bits 0-15.  The last word has, as
everywhere, the kinds of values in bits 16-31.
"""

from __future__ import annotations

from rufflang.interpreter.feedback import KINDS
from rufflang.lowpy import Ptr, cast, function, i64, u64
from rufflang.runtime.objects import FunctionObject, StructObject
from rufflang.runtime.structs_layout import definition_of
from rufflang.runtime.values import FUNCTION, Value

FURTHER = 3
FIRST_FIELD = FURTHER  # the word of a field access that is looked at first
METHOD = FURTHER + 1  # the last word of a method call
MANY = 1 << 31  # in the first word: there were more shapes than have a place

LOW_HALF = 0xFFFF
_LOW = 0xFFFFFFFF

_FIELD = 0xFFFFFFFF_0000FFFF
_HIGH = 0xFFFFFFFF_00000000
_ALL = 0xFFFFFFFF_FFFFFFFF

ENTRIES = {
    "GET_FIELD": (_FIELD,) * 4,
    "SET_FIELD": (_FIELD,) * 4,
    "OWN_FIELD": (0, _FIELD, _FIELD, _FIELD, _FIELD),
    "CALL_METHOD": (_HIGH, _ALL, _ALL, _ALL, _FIELD),
    "NEW_STRUCT": (_HIGH,),
}
"""Which bits of an opcode's cache words are about a struct.  Those of one word are noted together."""

# A further entry of a method call: the slot in bits 0-15, then the method's number and the shape.
NUMBER_SHIFT = 16
SHAPE_SHIFT = 40
SHORT = 1 << 24  # numbers and shapes from here on are not noted


@function(inline=True)
def low_half(entry: u64) -> i64:
    """The place of a field, or the slot of a method, in a cache word."""
    return i64(entry & u64(LOW_HALF))


@function
def further_field(cache: Ptr[u64], shape: u64) -> i64:
    """The place of a field in instances of a shape other than the first, or -1."""
    for index in range(FURTHER):
        if cache[index] >> 32 == shape:
            return low_half(cache[index])
    return -1


@function
def note_field(cache: Ptr[u64], shape: u64, place: i64) -> None:
    """Remembers where instances of a shape have the field."""
    if place > LOW_HALF:
        return
    entry = u64(place) | (shape << 32)
    if cache[FIRST_FIELD] >> 32 != 0:
        for index in range(FURTHER):
            if cache[index] >> 32 == 0:
                cache[index] = entry
                return
        cache[0] = cache[0] | u64(MANY)
    cache[FIRST_FIELD] = (cache[FIRST_FIELD] & u64(KINDS)) | entry


@function(inline=True)
def known_method(cache: Ptr[u64], shape: u64) -> i64:
    """The slot of a method in the definition of a shape, or -1 where the cache does not know it."""
    if shape == cache[0] >> 32:
        return low_half(cache[METHOD])
    return _further_method(cache, shape)


@function
def _further_method(cache: Ptr[u64], shape: u64) -> i64:
    for index in range(1, METHOD):
        if cache[index] >> SHAPE_SHIFT == shape:
            return low_half(cache[index])
    return -1


@function
def note_method(cache: Ptr[u64], instance: StructObject, slot: i64) -> None:
    """Remembers which method instances of a shape have."""
    shape = u64(instance.aux)
    method: Value = definition_of(instance).methods.items[slot]
    number = u64(cast(FunctionObject, method.payload).proto.number)
    if cache[0] >> 32 != 0:
        if shape >= u64(SHORT) or number >= u64(SHORT):
            return
        for index in range(1, METHOD):
            if cache[index] == 0:
                cache[index] = u64(slot) | (number << NUMBER_SHIFT) | (shape << SHAPE_SHIFT)
                return
        cache[0] = cache[0] | u64(MANY)
    cache[0] = (cache[0] & u64(_LOW)) | (shape << 32)
    cache[METHOD] = (cache[METHOD] & u64(KINDS)) | u64(slot) | (number << 32)


@function
def learn_method(cache: Ptr[u64], instance: StructObject, slot: i64) -> None:
    """Notes a method that the cache did not know; those that are no functions of their own are left out."""
    if slot >= 0 and definition_of(instance).methods.items[slot].tag == FUNCTION:
        note_method(cache, instance, slot)
