"""Which shapes of struct instances an instruction has met: inline caches for fields and methods.

A shape is what instances of a struct have in common (`structs_layout`); one without a number is never noted.
The interpreter looks at the one that an instruction met first; up to three further shapes have words of
their own before that.  Once there are more, the mark MANY is set and the latest shape takes the place of
the first.  The JIT makes a switch of the shapes noted here, so nothing is forgotten before that.

Words of a field access: three further entries, then the first one; each has the shape in bits 48-63, the
place of the field (`structs_layout`) in bits 0-15 and that of its payload in bits 32-47.  Words of a method
call: the first shape in bits 32-63 (with what the compiler put into bits 0-15), three further entries
(`note_method`), and in the last word the number of the first shape's method in bits 32-63 and its slot in bits
0-15.  The last word has, as everywhere, the kinds of values in bits 16-31.
"""

from __future__ import annotations

from rufflang.interpreter.feedback import KINDS
from rufflang.lowpy import Ptr, cast, function, i64, null, offset, u64
from rufflang.runtime.functions_numbers import SHORT_NUMBER
from rufflang.runtime.objects import FunctionObject, StringObject, StructDefinition, StructObject
from rufflang.runtime.structs import method_slot
from rufflang.runtime.structs_layout import (
    NUMBER,
    definition_of,
    definition_of_shape,
    field_place,
    has_extension,
    has_number,
    payload_place,
    shape_of,
)
from rufflang.runtime.values import FUNCTION, Value
from rufflang.runtime.vm import VM

FURTHER = 3
FIRST_FIELD = FURTHER  # the word of a field access that is looked at first
METHOD = FURTHER + 1  # the last word of a method call
MANY = 1 << 31  # in the first word: there were more shapes than have a place

LOW_HALF = 0xFFFF
_LOW = 0xFFFFFFFF
_ADDRESS_SHIFT = 3  # addresses have 8 bytes

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

# An entry of a field access.
FIELD_SHAPE_SHIFT = 48
PAYLOAD_SHIFT = 32

# A further entry of a method call: the slot in bits 0-15, then the method's number and the shape.
NUMBER_SHIFT = 16
SHAPE_SHIFT = 40
SHORT = SHORT_NUMBER  # numbers from here on are not noted


@function(inline=True)
def low_half(entry: u64) -> i64:
    """The place of a field, or the slot of a method, in a cache word."""
    return i64(entry & u64(LOW_HALF))


@function(inline=True)
def field_shape(entry: u64) -> u64:
    """The shape in a cache word of a field access; 0 if there is none yet."""
    return entry >> FIELD_SHAPE_SHIFT


@function(inline=True)
def field_payload(entry: u64) -> i64:
    """The place of a field's payload in a cache word of a field access."""
    return low_half(entry >> PAYLOAD_SHIFT)


@function
def further_field(cache: Ptr[u64], shape: u64) -> i64:
    """The place of a field in instances of a shape other than the first, or -1."""
    for index in range(FURTHER):
        if field_shape(cache[index]) == shape:
            return low_half(cache[index])
    return -1


@function
def note_field(cache: Ptr[u64], shape: u64, slot: i64) -> None:
    """Remembers where instances of a shape have the field, if they have it in a place that can be remembered."""
    payload = payload_place(field_place(slot))
    if payload > LOW_HALF or not has_number(shape) or (slot == 0 and has_extension(shape)):
        cache[0] = cache[0] | u64(MANY)
        return
    entry = u64(field_place(slot)) | (u64(payload) << PAYLOAD_SHIFT) | (shape << FIELD_SHAPE_SHIFT)
    if field_shape(cache[FIRST_FIELD]) != 0:
        for index in range(FURTHER):
            if field_shape(cache[index]) == 0:
                cache[index] = entry
                return
        cache[0] = cache[0] | u64(MANY)
    cache[FIRST_FIELD] = (cache[FIRST_FIELD] & u64(KINDS)) | entry


@function(inline=True)
def known_method(vm: VM, cache: Ptr[u64], shape: u64) -> FunctionObject:
    """The method that instances of a shape have, or null where the cache does not know it."""
    if shape == cache[0] >> 32:
        return _method(_first_definition(vm, cache), low_half(cache[METHOD]))
    slot = _further_method(cache, shape)
    return _method(definition_of_shape(vm, shape), slot) if slot >= 0 else null(FunctionObject)


@function(inline=True)
def _method(definition: StructDefinition, slot: i64) -> FunctionObject:
    return cast(FunctionObject, definition.methods.items[slot].payload)


@function(inline=True)
def _first_definition(vm: VM, cache: Ptr[u64]) -> StructDefinition:
    """The definition of the first shape of a method call.

    The number is not taken from the shape, which LLVM would replace by that of the instance, as they are equal: so
    the processor need not wait for the instance.
    """
    place = i64((cache[0] >> (32 - _ADDRESS_SHIFT)) & u64(NUMBER << _ADDRESS_SHIFT))
    return cast(Ptr[StructDefinition], offset(vm.definitions, place))[0]


@function
def _further_method(cache: Ptr[u64], shape: u64) -> i64:
    """The slot of a method in the definition of a shape other than the first, or -1."""
    for index in range(1, METHOD):
        if cache[index] >> SHAPE_SHIFT == shape:
            return low_half(cache[index])
    return -1


@function
def note_method(cache: Ptr[u64], shape: u64, method: Value, slot: i64) -> None:
    """Remembers which method instances of a shape have."""
    number = u64(cast(FunctionObject, method.payload).proto.number)
    if not has_number(shape):
        cache[0] = cache[0] | u64(MANY)
        return
    if cache[0] >> 32 != 0:
        if number >= u64(SHORT):
            return
        for index in range(1, METHOD):
            if cache[index] == 0:
                cache[index] = u64(slot) | (number << NUMBER_SHIFT) | (shape << SHAPE_SHIFT)
                return
        cache[0] = cache[0] | u64(MANY)
    cache[0] = (cache[0] & u64(_LOW)) | (shape << 32)
    cache[METHOD] = (cache[METHOD] & u64(KINDS)) | u64(slot) | (number << 32)


@function
def learn_method(vm: VM, cache: Ptr[u64], instance: StructObject, name: StringObject) -> None:
    """Notes a method that the cache did not know; those that are no functions of their own are left out."""
    definition = definition_of(vm, instance)
    slot = method_slot(definition, name)
    if slot >= 0 and definition.methods.items[slot].tag == FUNCTION:
        note_method(cache, shape_of(instance), definition.methods.items[slot], slot)
