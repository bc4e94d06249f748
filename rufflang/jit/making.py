"""What code does that makes the values which have not been made so far (`unmade`)."""

from __future__ import annotations

from rufflang.jit.words import SHARED_OFFSET, Definition, known_tag, value
from rufflang.lowpy.emitter import Edge
from rufflang.lowpy.function import as_low
from rufflang.lowpy.types import I64, U8, struct_type
from rufflang.lowpy.values import Aggregate, SsaValue, Word, constant_word
from rufflang.runtime import results
from rufflang.runtime.arrays import array_of_pieces, array_set, array_to_fill, new_array, new_packed
from rufflang.runtime.arrays_storage import PACKED_TAGS
from rufflang.runtime.heap import take_cell
from rufflang.runtime.objects import GENERIC, ArrayObject, StructObject
from rufflang.runtime.structs import instance_to_fill
from rufflang.runtime.structs_layout import (
    FIRST_TAGS,
    SHAPE_SHIFT,
    TAG_BITS,
    TAGS,
    TAGS_SHIFT,
    WORD,
    field_place,
    instance_size,
    payload_place,
)
from rufflang.runtime.values import ARRAY, OPTION, PIECES, STRUCT

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from rufflang.jit.emitter import JitEmitter

_STRUCT = struct_type(StructObject)
FLAGS_OFFSET = struct_type(ArrayObject).fields["flags"].offset


def make_option(emitter: JitEmitter, item: Aggregate) -> Aggregate:
    """An option of an item, or none where that is UNBOUND."""
    made = emitter.call(as_low(results.option_of), [emitter.vm, item])
    assert isinstance(made, Aggregate)
    return value(OPTION, made.words[1])


# ---------------------------------------------------------------------------- arrays


def storage_of(elements: Sequence[Aggregate]) -> int:
    """The element kind of an array of these values, of known kinds."""
    tags = {known_tag(element) for element in elements}
    tag = tags.pop() if len(tags) == 1 else None
    return GENERIC if tag is None else storage_for(tag)


def storage_for(tag: int) -> int:
    """The element kind of an array of values of one kind."""
    return tag if PACKED_TAGS >> tag & 1 else GENERIC


def make_array(emitter: JitEmitter, elements: Sequence[Aggregate], *, is_shared: bool = False) -> Aggregate:
    """A new array of some values, whose kinds are known."""
    storage = constant_word(U8, storage_of(elements))
    arguments = [emitter.vm, storage, emitter.number(len(elements))]
    if not elements:
        array, _ = emitter.inline(as_low(new_array), [emitter.vm, emitter.number(0)])
    elif emitter.virtuals.is_aside:
        array = emitter.call(as_low(array_to_fill), arguments)
    else:
        array, _ = emitter.inline(as_low(new_packed), arguments)
    assert isinstance(array, Word)
    if is_shared:
        emitter.store(array, SHARED_OFFSET, constant_word(U8, 1))
    payload = emitter.define(I64, f"ptrtoint ptr {array.text} to i64")
    array = Word(array.type, array.text, None, payload)
    with emitter.knowing(payload, {FLAGS_OFFSET: storage}):
        for index, element in enumerate(elements):
            emitter.inline(as_low(array_set), [emitter.vm, array, emitter.number(index), element])
    return value(ARRAY, payload)


def make_of_pieces(emitter: JitEmitter, frame: Word, count: int) -> Aggregate:
    """The array that a function has returned in pieces; `frame` is its registers."""
    made = emitter.call(as_low(array_of_pieces), [emitter.vm, frame, emitter.number(count)])
    assert isinstance(made, Aggregate)
    return value(ARRAY, made.words[1])


def put_together(emitter: JitEmitter, result: Aggregate, frame: Word, count: int) -> Aggregate:
    """What a function gives that may return arrays of that length in pieces; if the length is 0, it does not."""
    if not count:
        return result
    pieces, whole = emitter.new_label("pieces"), emitter.new_label("whole")
    is_apart = emitter.compare("eq", result.words[0], emitter.number(PIECES))
    emitter.branch(emitter.likely(is_apart), pieces, whole)
    emitter.start(pieces)
    made = make_of_pieces(emitter, frame, count)
    edges = [Edge(emitter.leave(), {}, made)]
    emitter.start(whole)
    _, merged = emitter.land([*edges, Edge(emitter.leave(), {}, result)], "returned")
    assert isinstance(merged, Aggregate)
    return merged


# ------------------------------------------------------------------------- instances


def make_instance(
    emitter: JitEmitter, definition: Definition, fields: Sequence[Aggregate], *, is_shared: bool = False
) -> Aggregate:
    """A new instance: a cell from the free list, and a store for each of its words."""
    is_aside, tags = emitter.virtuals.is_aside, _tags(emitter, fields[:FIRST_TAGS])
    if is_aside:
        cell: SsaValue | None = emitter.call(as_low(instance_to_fill), [emitter.vm, definition.address, tags])
    else:
        size = emitter.number(instance_size(len(fields)))
        cell, _ = emitter.inline(as_low(take_cell), [emitter.vm, size, emitter.number(STRUCT)])
    assert isinstance(cell, Word)
    instance = Word(_STRUCT, cell.text)
    if not is_aside:
        _store_header(emitter, instance, definition, tags)
    if is_shared:
        emitter.store(instance, SHARED_OFFSET, constant_word(U8, 1))
    for slot in range(FIRST_TAGS, len(fields), TAGS):
        tags = _tags(emitter, fields[slot : slot + TAGS])
        bits = emitter.define(I64, f"call i64 @llvm.fshl.i64(i64 {tags.text}, i64 {tags.text}, i64 {TAGS_SHIFT})")
        _store_bits(emitter, instance, field_place(slot) & -WORD, bits)
    for slot, field in enumerate(fields):
        store_payload(emitter, instance, field_place(slot), field)
    return value(STRUCT, emitter.define(I64, f"ptrtoint ptr {cell.text} to i64"))


def _tags(emitter: JitEmitter, values: Sequence[Aggregate]) -> Word:
    """The tags of fields in one word, from the lowest byte on."""
    known = 0
    others: list[Word] = []
    for index, new in enumerate(values):
        tag = known_tag(new)
        if tag is None:
            others.append(emitter.define(I64, f"shl i64 {new.words[0].text}, {TAG_BITS * index}"))
        else:
            known |= tag << TAG_BITS * index
    tags = constant_word(I64, known)
    for other in others:
        tags = emitter.define(I64, f"or i64 {tags.text}, {other.text}")
    return tags


def _store_header(emitter: JitEmitter, instance: Word, definition: Definition, tags: Word) -> None:
    above = emitter.define(I64, f"shl i64 {tags.text}, {TAGS_SHIFT}")
    bits = emitter.define(I64, f"or i64 {above.text}, {definition.shape << SHAPE_SHIFT}")
    _store_bits(emitter, instance, 0, bits)
    # The number in the header is all that keeps the definition alive, and the address did so up to here.
    memory = "memory(inaccessiblemem: readwrite)"
    emitter.line(f'call void asm sideeffect "", "r"(ptr {definition.address.text}) nounwind willreturn {memory}')


def _store_bits(emitter: JitEmitter, instance: Word, place: int, bits: Word) -> None:
    # Not marked: the bytes of the word are read and written one by one later.
    emitter.line(f"store i64 {bits.text}, ptr {emitter.address(instance, place).text}")


def store_payload(emitter: JitEmitter, instance: Word, place: int, new: Aggregate) -> None:
    """Puts the payload of a value into the declared field at a place."""
    address = emitter.address(instance, payload_place(place))
    memory = field_memory(emitter, place, "payload")
    emitter.line(f"store i64 {new.words[1].text}, ptr {address.text}, !tbaa {memory}")


def field_memory(emitter: JitEmitter, place: int, part: str) -> str:
    """The class of words that the `tag` or `payload` of the field at a place belongs to."""
    return emitter.module.memory("value", f"{part} of the field at {place}")
