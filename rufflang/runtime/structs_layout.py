"""Where the definition and the fields of a struct instance lie.

Programs make more instances than anything else, so these are small: a field takes its payload and one byte for
its tag.  The word behind the header has the address of the definition, which fits into 48 bits, and the tags of the
first two fields above it.  Their payloads follow.  Then, for each eight further fields, there is a word of tags
and the payloads of these.  So the place of a field depends on its slot only.

The address is read in two pieces: to read a whole word shortly after one of its bytes was written, the processor has
to wait until the byte has left its store buffer.  What compiled code knows of tags and payloads by classes of its own
(`jit.fields`) is accessed here through structures that have no class there (`jit.aliasing`).
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, Struct, cast, function, i64, offset, u8, u16, u32, u64, word
from rufflang.runtime.objects import StructDefinition, StructObject
from rufflang.runtime.values import Value

WORD = 8
DEFINITION_PLACE = 8
FIRST_PAYLOAD = 16
LOW_BITS = 32  # of the definition's address; the others are in `definition_high`
DEFINITION_BITS = 48
FIRST_TAGS = 2  # in the word of the definition
TAG_BITS = 8
TAGS = 8  # in each other word of tags
GROUP = (1 + TAGS) * WORD


class _Tag(Struct):
    tag: u8


class _Word(Struct):
    bits: u64


@function(inline=True)
def tag_place(slot: i64) -> i64:
    """At which byte of an instance the tag of a field is."""
    number = slot + (TAGS - FIRST_TAGS)
    if number < TAGS:
        return number + DEFINITION_PLACE
    return (number >> 3) * GROUP + (number & (TAGS - 1)) + (FIRST_PAYLOAD + FIRST_TAGS * WORD - GROUP)


@function(inline=True)
def payload_place(slot: i64) -> i64:
    """At which byte of an instance the payload of a field is."""
    return ((slot + ((slot + (TAGS - FIRST_TAGS)) >> 3)) << 3) + FIRST_PAYLOAD


@function(inline=True)
def instance_size(field_count: i64) -> i64:
    """How many bytes an instance with so many declared fields takes."""
    return ((field_count + ((field_count + (TAGS - FIRST_TAGS - 1)) >> 3)) << 3) + FIRST_PAYLOAD


@function(inline=True)
def _word_at(instance: StructObject, place: i64) -> _Word:
    return cast(_Word, offset(instance, place))


@function(inline=True)
def definition_of(instance: StructObject) -> StructDefinition:
    """The definition of an instance: its own if it has further fields, else that of all its kind."""
    return cast(StructDefinition, i64(instance.definition_low) | (i64(instance.definition_high) << LOW_BITS))


@function(inline=True)
def set_definition(instance: StructObject, definition: StructDefinition) -> None:
    """Gives an instance a definition; its fields stay what they are."""
    instance.definition_low = u32(word(definition))
    instance.definition_high = u16(word(definition) >> LOW_BITS)


@function(inline=True)
def field_value(instance: StructObject, slot: i64) -> Value:
    """The value of a declared field, borrowed; UNBOUND when absent."""
    tag = i64(cast(_Tag, offset(instance, tag_place(slot))).tag)
    return Value(tag, i64(_word_at(instance, payload_place(slot)).bits))


@function(inline=True)
def set_field_value(instance: StructObject, slot: i64, value: Value) -> None:
    """Replaces a declared field."""
    cast(_Tag, offset(instance, tag_place(slot))).tag = u8(value.tag)
    _word_at(instance, payload_place(slot)).bits = u64(value.payload)


@function
def set_all_fields(instance: StructObject, definition: StructDefinition, values: Ptr[Value]) -> None:
    """Gives a new instance its definition, and all declared fields their values."""
    place = i64(DEFINITION_PLACE)
    tags = u64(word(definition))
    shift = u64(DEFINITION_BITS)
    payload = i64(FIRST_PAYLOAD)
    for slot in range(definition.field_count):
        if shift == u64(TAGS * TAG_BITS):
            _word_at(instance, place).bits = tags
            place = payload
            payload += WORD
            tags = u64(0)
            shift = u64(0)
        tags = tags | (u64(values[slot].tag) << shift)
        _word_at(instance, payload).bits = u64(values[slot].payload)
        payload += WORD
        shift += u64(TAG_BITS)
    _word_at(instance, place).bits = tags


@function(inline=True)
def instance_word(instance: StructObject, place: i64) -> u64:
    """A payload, or the tags of further fields, for who goes through all fields."""
    return _word_at(instance, place).bits
