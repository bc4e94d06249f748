"""Where the definition and the fields of a struct instance lie.

Programs make more instances than anything else, so these are small: a field takes its payload and one byte for
its tag.  The word behind the header has the tags of the first two fields and, above them, the address of the
definition, which fits into 48 bits.  The payloads of these fields follow.  Then, for each eight further fields, there
is a word of tags and the payloads of these.  So the byte at which a field has its tag depends on its slot only, and
tells where the payload is: it is the *place* by which caches and compiled code know the field.

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
FIRST_TAGS = 2  # in the word of the definition
TAG_BITS = 8
TAGS = 8  # in each other word of tags
DEFINITION_SHIFT = FIRST_TAGS * TAG_BITS
GROUP = (1 + TAGS) * WORD


class _Tag(Struct):
    tag: u8


class _Word(Struct):
    bits: u64


@function
def field_place(slot: i64) -> i64:
    """At which byte of an instance the tag of a field is."""
    if slot < FIRST_TAGS:
        return slot + DEFINITION_PLACE
    number = slot - FIRST_TAGS
    return (number >> 3) * GROUP + (number & (TAGS - 1)) + (FIRST_PAYLOAD + FIRST_TAGS * WORD)


@function(inline=True)
def payload_place(place: i64) -> i64:
    """At which byte the payload of the field is whose tag is at `place`."""
    return (place & -WORD) + ((place & (WORD - 1)) << 3) + WORD


@function
def instance_size(field_count: i64) -> i64:
    """How many bytes an instance with so many declared fields takes."""
    return ((field_count + ((field_count + (TAGS - FIRST_TAGS - 1)) >> 3)) << 3) + FIRST_PAYLOAD


@function(inline=True)
def _word_at(instance: StructObject, place: i64) -> _Word:
    return cast(_Word, offset(instance, place))


@function(inline=True)
def definition_of(instance: StructObject) -> StructDefinition:
    """The definition of an instance: its own if it has further fields, else that of all its kind."""
    return cast(StructDefinition, i64(instance.definition_low) | (i64(instance.definition_high) << DEFINITION_SHIFT))


@function(inline=True)
def set_definition(instance: StructObject, definition: StructDefinition) -> None:
    """Gives an instance a definition; its fields stay what they are."""
    instance.definition_low = u16(word(definition))
    instance.definition_high = u32(word(definition) >> DEFINITION_SHIFT)


@function(inline=True)
def set_definition_and_tags(instance: StructObject, definition: StructDefinition, tags: i64) -> None:
    """Gives a new instance a definition, and the first fields their tags."""
    _word_at(instance, DEFINITION_PLACE).bits = (u64(word(definition)) << u64(DEFINITION_SHIFT)) | u64(tags)


@function(inline=True)
def value_at(instance: StructObject, place: i64) -> Value:
    """The value of the declared field at a place, borrowed; UNBOUND when absent."""
    tag = i64(cast(_Tag, offset(instance, place)).tag)
    return Value(tag, i64(_word_at(instance, payload_place(place)).bits))


@function(inline=True)
def set_value_at(instance: StructObject, place: i64, value: Value) -> None:
    """Replaces the declared field at a place."""
    cast(_Tag, offset(instance, place)).tag = u8(value.tag)
    _word_at(instance, payload_place(place)).bits = u64(value.payload)


@function
def field_value(instance: StructObject, slot: i64) -> Value:
    """The value of a declared field, borrowed; UNBOUND when absent."""
    return value_at(instance, field_place(slot))


@function
def set_field_value(instance: StructObject, slot: i64, value: Value) -> None:
    """Replaces a declared field."""
    set_value_at(instance, field_place(slot), value)


@function
def set_all_fields(instance: StructObject, definition: StructDefinition, values: Ptr[Value]) -> None:
    """Gives a new instance its definition, and all declared fields their values."""
    place = i64(DEFINITION_PLACE)
    tags = u64(word(definition)) << u64(DEFINITION_SHIFT)
    shift = u64(0)
    limit = u64(DEFINITION_SHIFT)
    payload = i64(FIRST_PAYLOAD)
    for slot in range(definition.field_count):
        if shift == limit:
            limit = u64(TAGS * TAG_BITS)
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
