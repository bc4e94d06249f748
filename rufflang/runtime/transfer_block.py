"""Blocks: values on their way from one VM to another, as plain words outside every heap.

A VM's heap is its own, so a value crosses as a block: memory from the system that belongs to nobody,
written by `transfer_packing` and read by `transfer_unpacking`.  A block begins with its size in words, the
number of its objects, the value itself, and the next block of the same queue; then follows one record for
each object, in the order in which they were found.  Inside a block a value is its tag and either its payload
or, where that would be a pointer, the number of an object.  So an object is written once, however many hold it,
and however deep a value is nested, the list of objects is all the bookkeeping it takes.

A record starts with a word of `kind`, `flags` and `shared` (8 bits each) and, above bit 32, `aux`, as in the
object's own header.  What follows depends on the kind.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, Struct, cast, copy_memory, element, function, i64, is_null, size_of, u8, u64, word
from rufflang.runtime.heap_system import end_out_of_memory, system_calloc, system_free, system_realloc
from rufflang.runtime.objects import Object
from rufflang.runtime.values import Value

# The head of a block, in words.
BLOCK_SIZE = 0
BLOCK_OBJECTS = 1
BLOCK_TAG = 2
BLOCK_PAYLOAD = 3
BLOCK_NEXT = 4
BLOCK_HEAD = 5

# Kinds of records that are no kinds of objects.
GLOBAL_CELL = 60
"""The variable at a place among a chunk's constants: both VMs have it already."""
ERROR_DEFINITION = 61
"""The struct `Error`, which every VM has."""

NO_OBJECT = -1

MESSAGE, SNAPSHOT, WIDE_SNAPSHOT = 0, 1, 2
"""What a block is for; see `transfer_packing`."""

_FIRST_WORDS = 64
_FIRST_OBJECTS = 16
_FIRST_BITS = 5
_HASH_FACTOR = 0x9E3779B97F4A7C15


class Packer(Struct):
    """A block being written.

    `objects` are the addresses of those found so far; `places` says of a global cell where it is (chunk
    number and constant, plus one), and is 0 for others.  `slots` is a hash table from addresses
    to numbers, plus one.  `refused` becomes the tag of a value that cannot cross.
    """

    words: Ptr[i64]
    length: i64
    capacity: i64
    objects: Ptr[i64]
    places: Ptr[i64]
    count: i64
    object_capacity: i64
    slots: Ptr[i64]
    slot_bits: i64
    purpose: i64
    refused: i64


@function
def new_packer(purpose: i64) -> Packer:
    """An empty block with its head reserved."""
    packer = cast(Packer, system_calloc(1, size_of(Packer)))
    packer.purpose = purpose
    packer.capacity = _FIRST_WORDS
    packer.object_capacity = _FIRST_OBJECTS
    packer.slot_bits = _FIRST_BITS
    packer.words = _words(_FIRST_WORDS)
    packer.objects = _words(_FIRST_OBJECTS)
    packer.places = _words(_FIRST_OBJECTS)
    packer.slots = _words(1 << _FIRST_BITS)
    packer.length = BLOCK_HEAD
    return packer


@function
def _words(count: i64) -> Ptr[i64]:
    memory = system_calloc(count, 8)
    if is_null(memory):
        end_out_of_memory()
    return cast(Ptr[i64], memory)


@function
def finish_packer(packer: Packer) -> Ptr[i64]:
    """Frees everything but the block, which is the result."""
    block = packer.words
    block[BLOCK_SIZE] = packer.length
    block[BLOCK_OBJECTS] = packer.count
    block[BLOCK_NEXT] = 0
    system_free(cast(Ptr[u8], packer.objects))
    system_free(cast(Ptr[u8], packer.places))
    system_free(cast(Ptr[u8], packer.slots))
    system_free(cast(Ptr[u8], packer))
    return block


@function
def _enlarged(words: Ptr[i64], count: i64) -> Ptr[i64]:
    memory = system_realloc(cast(Ptr[u8], words), count * 8)
    if is_null(memory):
        end_out_of_memory()
    return cast(Ptr[i64], memory)


@function
def make_room(packer: Packer, count: i64) -> None:
    """Makes sure that `count` more words fit."""
    needed = packer.length + count
    if needed > packer.capacity:
        capacity = packer.capacity * 2
        packer.capacity = capacity if capacity > needed else needed
        packer.words = _enlarged(packer.words, packer.capacity)


@function
def write_word(packer: Packer, content: i64) -> None:
    """Appends a word."""
    if packer.length == packer.capacity:
        make_room(packer, 1)
    packer.words[packer.length] = content
    packer.length += 1


@function
def write_bytes(packer: Packer, data: Ptr[u8], size: i64) -> None:
    """Appends bytes, padded to whole words."""
    count = (size + 7) >> 3
    make_room(packer, count)
    if size > 0:
        packer.words[packer.length + count - 1] = 0
        copy_memory(cast(Ptr[u8], element(packer.words, packer.length)), data, size)
    packer.length += count


# ----------------------------------------------------------------------------- objects


@function(inline=True)
def _slot_of(packer: Packer, address: i64) -> i64:
    return i64((u64(address) * u64(_HASH_FACTOR)) >> u64(64 - packer.slot_bits))


@function
def _enter(packer: Packer, address: i64, number: i64) -> None:
    """Puts an address that is not there into the hash table."""
    mask = (1 << packer.slot_bits) - 1
    slot = _slot_of(packer, address)
    while packer.slots[slot] != 0:
        slot = (slot + 1) & mask
    packer.slots[slot] = number + 1


@function
def _grow_objects(packer: Packer) -> None:
    """Doubles the room for objects."""
    packer.object_capacity = packer.object_capacity * 2
    packer.objects = _enlarged(packer.objects, packer.object_capacity)
    packer.places = _enlarged(packer.places, packer.object_capacity)
    system_free(cast(Ptr[u8], packer.slots))
    packer.slot_bits += 1
    packer.slots = _words(1 << packer.slot_bits)
    for number in range(packer.count):
        _enter(packer, packer.objects[number], number)


@function
def number_of(packer: Packer, cell: Object, place: i64) -> i64:
    """The number of an object, which is noted for writing if it is new."""
    address = word(cell)
    mask = (1 << packer.slot_bits) - 1
    slot = _slot_of(packer, address)
    while packer.slots[slot] != 0:
        known = packer.slots[slot] - 1
        if packer.objects[known] == address:
            return known
        slot = (slot + 1) & mask
    if packer.count == packer.object_capacity:
        _grow_objects(packer)
    number = packer.count
    packer.objects[number] = address
    packer.places[number] = place
    packer.count = number + 1
    _enter(packer, address, number)
    return number


@function(export="ruff_free_block")
def free_block(block: Ptr[i64]) -> None:
    """Returns a block to the system."""
    system_free(cast(Ptr[u8], block))


@function
def block_value(block: Ptr[i64], index: i64) -> Value:
    """The two words at a place of a block."""
    return Value(block[index], block[index + 1])
