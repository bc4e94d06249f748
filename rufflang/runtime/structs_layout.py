"""Where a struct instance has its shape and its fields, and where it says what its definition is.

Programs make more instances than anything else, so these are small: a field takes its payload and one byte for
its tag, and the rest fits into the header.

Two bytes of the header, `flags` and `kind`, are the *shape*, which tells caches and compiled code all that they need to
know.  It has the number of the definition, by which the VM finds that, a bit saying that it is the shape of an
instance, one saying that operators may be methods, and one for instances with an *extension*.  A number is never used
again, since caches may remember it.  A definition made after all numbers were given away shares the last one
with others like it; its instances all have extensions, and caches leave them out.

The other half of the header has the tags of the first four fields; the payloads of these follow.  Then, for
each eight further fields, there is a word of tags and the payloads of these.  The tags in a word begin in the middle
of it, in the header and elsewhere.  So the byte at which a field has its tag depends on its slot only, and
tells where the payload is: it is the *place* by which caches and compiled code know the field.

An extension is a buffer of values, for what few instances have: fields that their definition does not declare, or
no number.  It takes the place of the first field, whose value moves there.

Shape, mark, tags and payloads are read and written by themselves: to read a whole word shortly after one of its bytes
was written, the processor has to wait until the byte has left its store buffer.  What compiled code knows of them by
classes of its own (`jit.fields`) is accessed here through structures that have no class there (`jit.aliasing`).
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, Struct, cast, function, i64, offset, u8, u16, u64, word
from rufflang.runtime.objects import INSTANCE, KIND_SHIFT, StructDefinition, StructObject, ValuesObject
from rufflang.runtime.values import VALUES, Value
from rufflang.runtime.vm import UNNUMBERED, VM

WORD = 8
FIRST_PAYLOAD = 8
FIRST_TAGS = 4  # in the header
TAG_BITS = 8
TAGS = 8  # in each other word of tags
TAGS_SHIFT = 32  # where those of a word begin; they go on at its start
GROUP = (1 + TAGS) * WORD
_MIDDLE = TAGS_SHIFT // TAG_BITS
_LAST = 7  # of the bytes of a word

# A shape.
SHAPE_PLACE = 2
SHAPE_SHIFT = 16  # in the header
SHAPE_OF_INSTANCE = INSTANCE << (KIND_SHIFT - SHAPE_SHIFT)
EXTENDED = 1 << 14  # the first field is in the extension
OVERLOADED = 1 << 13  # some method overloads an operator
NUMBER = UNNUMBERED  # these bits are the number of the definition

# What an extension holds.
DEFINITION = 0
FURTHER_FIELDS = 1  # a dict, or nothing
FIRST_FIELD = 2
EXTENSION_ITEMS = 3


class _Shape(Struct):
    bits: u16


class _Tag(Struct):
    tag: u8


class _Word(Struct):
    bits: u64


@function
def field_place(slot: i64) -> i64:
    """At which byte of an instance the tag of a field is."""
    if slot < FIRST_TAGS:
        return slot + _MIDDLE
    number = slot - FIRST_TAGS
    group = (number >> 3) * GROUP + (FIRST_PAYLOAD + FIRST_TAGS * WORD)
    return group + ((number & _LAST) ^ _MIDDLE)


@function(inline=True)
def payload_place(place: i64) -> i64:
    """At which byte the payload of the field is whose tag is at `place`."""
    return (place & -WORD) + (((place ^ _MIDDLE) & _LAST) << 3) + WORD


@function
def instance_size(field_count: i64) -> i64:
    """How many bytes an instance with so many declared fields takes."""
    if field_count <= FIRST_TAGS:
        return (field_count << 3) + FIRST_PAYLOAD
    return ((field_count + ((field_count + (TAGS - FIRST_TAGS - 1)) >> 3)) << 3) + FIRST_PAYLOAD


@function(inline=True)
def _word_at(instance: StructObject, place: i64) -> _Word:
    return cast(_Word, offset(instance, place))


# ----------------------------------------------------------------------------------------- the shape


@function(inline=True)
def shape_of(instance: StructObject) -> u64:
    """The shape of an instance, which is never 0."""
    return u64(cast(_Shape, offset(instance, SHAPE_PLACE)).bits)


@function(inline=True)
def has_extension(shape: u64) -> bool:
    """Whether instances of a shape have an extension."""
    return shape & u64(EXTENDED) != 0


@function(inline=True)
def has_number(shape: u64) -> bool:
    """Whether a shape tells the definition, so that it may be remembered."""
    return shape & u64(NUMBER) != u64(UNNUMBERED)


@function(inline=True)
def set_shape(instance: StructObject, shape: u64) -> None:
    """Gives an instance a shape; its fields stay what they are."""
    cast(_Shape, offset(instance, SHAPE_PLACE)).bits = u16(shape)


@function(inline=True)
def set_header(instance: StructObject, shape: u64, tags: u64) -> None:
    """Gives a new instance its shape, and the first fields their tags, the first of them in the lowest byte."""
    _word_at(instance, 0).bits = (shape << u64(SHAPE_SHIFT)) | (tags << u64(TAGS_SHIFT))


@function(inline=True)
def extension_of(instance: StructObject) -> ValuesObject:
    """The extension of an instance that has one."""
    return cast(ValuesObject, i64(_word_at(instance, FIRST_PAYLOAD).bits))


@function(inline=True)
def set_extension(instance: StructObject, extension: ValuesObject) -> None:
    """Puts an extension in the place of the first field; the caller gives the instance a shape that says so."""
    set_value_at(instance, _MIDDLE, Value(VALUES, word(extension)))


@function(inline=True)
def definition_of(vm: VM, instance: StructObject) -> StructDefinition:
    """The definition of an instance."""
    shape = shape_of(instance)
    if has_extension(shape):
        return cast(StructDefinition, extension_of(instance).items[DEFINITION].payload)
    return definition_of_shape(vm, shape)


@function(inline=True)
def definition_of_shape(vm: VM, shape: u64) -> StructDefinition:
    """The definition of the instances of a shape that tells it, as those do which caches remember."""
    return vm.definitions[i64(shape & u64(NUMBER))]


# ---------------------------------------------------------------------------------------- the fields


@function(inline=True)
def value_at(instance: StructObject, place: i64) -> Value:
    """The value of the declared field at a place, borrowed; UNBOUND when absent."""
    return value_in(instance, place, payload_place(place))


@function(inline=True)
def value_in(instance: StructObject, place: i64, payload: i64) -> Value:
    """`value_at` where it is known at which byte the payload is."""
    return Value(i64(cast(_Tag, offset(instance, place)).tag), i64(_word_at(instance, payload).bits))


@function(inline=True)
def set_value_at(instance: StructObject, place: i64, value: Value) -> None:
    """Replaces the declared field at a place."""
    set_value_in(instance, place, payload_place(place), value)


@function(inline=True)
def set_value_in(instance: StructObject, place: i64, payload: i64, value: Value) -> None:
    """`set_value_at` where it is known at which byte the payload is."""
    cast(_Tag, offset(instance, place)).tag = u8(value.tag)
    _word_at(instance, payload).bits = u64(value.payload)


@function
def field_value(instance: StructObject, slot: i64) -> Value:
    """The value of a declared field, borrowed; UNBOUND when absent."""
    if slot == 0 and has_extension(shape_of(instance)):
        return extension_of(instance).items[FIRST_FIELD]
    return value_at(instance, field_place(slot))


@function
def set_field_value(instance: StructObject, slot: i64, value: Value) -> None:
    """Replaces a declared field."""
    if slot == 0 and has_extension(shape_of(instance)):
        extension_of(instance).items[FIRST_FIELD] = value
    else:
        set_value_at(instance, field_place(slot), value)


@function
def set_all_fields(instance: StructObject, shape: u64, values: Ptr[Value], count: i64) -> None:
    """Gives a new instance without extension its shape, and all declared fields their values."""
    place = i64(0)
    tags = shape << u64(SHAPE_SHIFT)
    shift = i64(TAGS_SHIFT)
    room = i64(FIRST_TAGS)
    payload = i64(FIRST_PAYLOAD)
    for slot in range(count):
        if room == 0:
            _word_at(instance, place).bits = tags
            place = payload
            payload += WORD
            tags = u64(0)
            shift = i64(TAGS_SHIFT)
            room = i64(TAGS)
        tags = tags | (u64(values[slot].tag) << u64(shift))
        _word_at(instance, payload).bits = u64(values[slot].payload)
        payload += WORD
        shift = (shift + TAG_BITS) & (WORD * TAG_BITS - 1)
        room -= 1
    _word_at(instance, place).bits = tags


@function(inline=True)
def payload_at(instance: StructObject, place: i64) -> u64:
    """The payload that is at a byte, for who goes through all fields."""
    return _word_at(instance, place).bits


@function(inline=True)
def tags_at(instance: StructObject, place: i64) -> u64:
    """The tags in the word at a byte, the first of them in the lowest byte, for who goes through all fields."""
    bits = _word_at(instance, place).bits
    return (bits >> u64(TAGS_SHIFT)) | (bits << u64(TAGS_SHIFT))
