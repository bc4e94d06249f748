"""What the interpreter writes down for the JIT.

The last cache word of an instruction has, in bits 16-31, one bit for each kind of value
that the instruction has produced: bit `min(tag, 15)`.  In the word of one that indexes arrays, bits 0-5
say how the elements of those arrays were stored (see `storage_of`), bit 6 that something else was indexed, and bit 7
that an index was negative or too large, and bit 8 that this is possible for one that counts the rounds of a loop.  In
the word of a `for` loop's step, bit 9 says that a generator was asked for an item, and bit 10 that this is not all
that may be iterated over; bits 25 and 26 of a method call's first word say the same of `next`.  The word of one that
takes an array apart has bits for the kinds of three elements, from bits 16, 32 and 48 on.
The first cache word of the opcodes in `CLONING` has, in bits 0-15, a bit for each time that a container had
to be cloned, up to 16.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, cast, function, i64, u32, u64
from rufflang.runtime.arrays import array_get
from rufflang.runtime.objects import FIRST_OBJECT, ArrayObject, Proto
from rufflang.runtime.values import ARRAY, Value

OTHER_KIND = 15
KINDS_SHIFT = 16
KINDS = 0xFFFF0000
CLONING = ("OWN", "OWN_CELL", "OWN_GLOBAL", "OWN_INDEX", "OWN_FIELD")
CLONES = 0xFFFF
STORAGES = 63
NO_ARRAY = 64
OUTSIDE = 128
NOT_ALL_INSIDE = 256
ASKED = 512
NOT_ONLY_ASKED = 1024
NOTED_PIECES = 3
METHOD_ASKED = ASKED << 16
METHOD_NOT_ONLY_ASKED = NOT_ONLY_ASKED << 16


@function(inline=True)
def _note(cache: Ptr[u64], bits: u64) -> None:
    """Sets bits of a cache word; mostly they are set already, and nothing is written."""
    if (cache[0] & bits) != bits:
        cache[0] = cache[0] | bits


@function(inline=True)
def _kind_of(value: Value) -> i64:
    """The number of the bit that stands for the kind of a value."""
    return value.tag if value.tag < OTHER_KIND else i64(OTHER_KIND)


@function(inline=True)
def record_kind(cache: Ptr[u64], value: Value) -> None:
    """Notes the kind of a value in a cache word."""
    _note(cache, u64(1) << u64(KINDS_SHIFT + _kind_of(value)))


@function(inline=True)
def storage_of(array: ArrayObject) -> u64:
    """How elements are stored: the element kind, which is FIRST_OBJECT for objects of all kinds."""
    kind = u64(array.flags)
    return kind if kind < FIRST_OBJECT else u64(FIRST_OBJECT)


@function(inline=True)
def record_access(cache: Ptr[u64], base: Value, index: Value) -> None:
    """Notes in a cache word how the elements of an indexed array are stored, and where the index points."""
    bits = u64(NO_ARRAY)
    if base.tag == ARRAY:
        array = cast(ArrayObject, base.payload)
        bits = u64(1) << storage_of(array)
        if u64(index.payload) >= u64(array.length):
            bits |= u64(OUTSIDE)
    _note(cache, bits)


@function(inline=True)
def record_storage(cache: Ptr[u64], iterable: Value) -> None:
    """Notes in a cache word how the elements of an array are stored that is iterated over."""
    _note(cache, u64(1) << storage_of(cast(ArrayObject, iterable.payload)))


@function(inline=True)
def record_pieces(cache: Ptr[u64], base: Value, count: i64) -> None:
    """Notes in a cache word how an array is stored that is taken apart, and what is taken; count: so many elements."""
    bits = u64(NO_ARRAY)
    if base.tag == ARRAY:
        array = cast(ArrayObject, base.payload)
        bits = u64(1) << storage_of(array)
        if array.length < count:
            bits |= u64(OUTSIDE)
        index = 0
        while index < count and index < array.length and index < NOTED_PIECES:
            bits |= u64(1) << u64((index + 1) * KINDS_SHIFT + _kind_of(array_get(array, index)))
            index += 1
    _note(cache, bits)


@function(inline=True)
def record_asking(cache: Ptr[u64]) -> None:
    """Notes in the cache word of a loop's step that a generator was asked for an item."""
    _note(cache, u64(ASKED))


@function(inline=True)
def record_asking_method(cache: Ptr[u64]) -> None:
    """Notes in the first cache word of a method call that it asked a generator for an item."""
    _note(cache, u64(METHOD_ASKED))


@function
def record_clone(cache: Ptr[u64]) -> None:
    """Notes that a container had to be cloned before it could be written."""
    clones = cache[0] & u64(CLONES)
    cache[0] = cache[0] | (((clones << 1) | u64(1)) & u64(CLONES))


@function
def record_registers(proto: Proto, registers: Ptr[Value], count: i64) -> None:
    """Notes the kinds of values in the first registers of a generator about to go on."""
    for index in range(count):
        tag = registers[index].tag
        bit = i64(1) << (tag if 0 <= tag and tag < OTHER_KIND else i64(OTHER_KIND))
        proto.resume_feedback[index] = proto.resume_feedback[index] | u32(bit)


@function
def record_parameters(proto: Proto, registers: Ptr[Value]) -> None:
    """Notes the kinds of the arguments of a call about to start."""
    for index in range(proto.parameter_count):
        bit = i64(1) << _kind_of(registers[index])
        proto.parameter_feedback[index] = proto.parameter_feedback[index] | u32(bit)
