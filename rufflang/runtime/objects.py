"""Memory layouts of everything on the heap.

Each cell starts with `Object`, eight bytes: the collector's `mark`, the `shared` mark of value
semantics, `flags`, `kind` (a tag of `values`, but for struct instances), and `aux`.  What `flags` and `aux`
mean depends on the kind.  The collector knows from `kind` where the pointers are; an object that
is reached only by an interior pointer stays alive too.

Two kinds of values borrow the layout of another: the object of a queue or a stack is an array (also
by its `kind`), and bytes look like a string.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, Struct, cast, function, i64, inline, narrow, offset, size_of, u8, u32, u64
from rufflang.runtime.values import STRING, STRUCT, Value

KIND_SHIFT = 24  # where the first word of a cell has its kind
INSTANCE = 0x80  # bit of `kind` that struct instances have, whose other bits there are their own


class Object(Struct):
    """The header of every cell; `kind` 0 is a free cell."""

    mark: u8
    shared: u8
    flags: u8
    kind: u8
    aux: u32


@function(inline=True)
def kind_of(cell: Object) -> i64:
    """The kind of a cell, the same for all struct instances."""
    kind = i64(cell.kind)
    return kind if kind < INSTANCE else i64(STRUCT)


class BufferObject(Object):
    """Raw bytes.  `used` tells how many are taken, so that a string can grow in place."""

    capacity: i64
    used: i64
    bytes: Ptr[u8] = inline(0)


class ValuesObject(Object):
    """A buffer of `capacity` values, all traced: unused ones are zero."""

    capacity: i64
    items: Ptr[Value] = inline(0)


class PointersObject(Object):
    """A buffer of `capacity` addresses of cells, all traced: unused ones are null."""

    capacity: i64
    items: Ptr[i64] = inline(0)


ASCII = 1  # flag: one byte a character


class StringObject(Object):
    """Immutable UTF-8.  `data` points behind the object or into a BufferObject.

    `aux` is its hash, 0 until that is asked for.
    """

    byte_count: i64 = narrow(u32)
    char_count: i64 = narrow(u32)
    data: Ptr[u8]
    inline_bytes: Ptr[u8] = inline(0)


GENERIC = 0  # `flags` of an array whose elements have their own tags
FIRST_OBJECT = STRING  # the lowest tag of an object; those of numbers are lower


@function(inline=True)
def holds_objects(kind: u8) -> bool:
    """Whether the elements of an array with these `flags` are addresses."""
    return kind >= FIRST_OBJECT


class ArrayObject(Object):
    """An array; `data` points to the first element, in a block or behind the object; `capacity` counts the bytes there.

    `flags` tells how the elements are stored: see `arrays_storage`.
    """

    length: i64
    capacity: i64
    data: Ptr[u8]


class DictEntry(Struct):
    """The payloads of one entry, whose tags lie elsewhere (`tags_behind`).  Keys are INT or STRING.

    A string that is the canonical text of an i64 is stored as that INT.
    """

    key: i64
    value: i64


class EntriesObject(Object):
    """A buffer of `capacity` entries and their tags, all traced: the tags of unused ones are zero."""

    capacity: i64
    items: Ptr[i64] = inline(0)


# Bits of `flags` of a dict.
IN_ORDER = 1  # keys are looked up in the order of the entries: see `dicts_finding`
HOLDS_POINTERS = 2  # a key or value is or was more than a number


class DictObject(Object):
    """Insertion-ordered: entries, from the first one in `entries` on, and an index of them.

    The entries lie behind the object if it was made for a few, else they are an EntriesObject's items; there is room
    for `entry_capacity`.
    `used` of them are taken, `count` alive.  `recent` is the string that was looked up last, and its entry;
    for that see `dicts_finding`.  The last slot of the index has the number `last_slot`, 0 where
    there is no index; `guide` is where it lies (`dicts_index`), or what takes its place (`dicts_few`).
    """

    count: i64 = narrow(u32)
    used: i64 = narrow(u32)
    entry_capacity: i64 = narrow(u32)
    last_slot: i64 = narrow(u32)
    entries: DictEntry
    guide: u64
    recent: u64
    room_behind: Ptr[i64] = inline(0)


@function(inline=True)
def entry_at(first: DictEntry, number: i64) -> DictEntry:
    """The entry that so many others are in front of."""
    return cast(DictEntry, offset(first, number * size_of(DictEntry)))


KEY_TAG_SHIFT = 5  # in the byte that has the tags of an entry: INT and STRING are among the tags of three bits
VALUE_TAG_BITS = (1 << KEY_TAG_SHIFT) - 1


@function(inline=True)
def tags_behind(first: DictEntry, capacity: i64) -> Ptr[u8]:
    """The tags of so many entries: a byte for each, the key's above the value's; 0 for one without a key."""
    return cast(Ptr[u8], entry_at(first, capacity))


@function(inline=True)
def size_of_entries(capacity: i64) -> i64:
    """Bytes that so many entries take with their tags."""
    return capacity * (size_of(DictEntry) + 1)


@function(inline=True)
def block_of(first: DictEntry) -> EntriesObject:
    """The block that begins with this entry."""
    return cast(EntriesObject, offset(first, -size_of(EntriesObject)))


@function(inline=True)
def entries_behind(table: DictObject) -> DictEntry:
    """Where the entries are of a dict that has them behind it."""
    return cast(DictEntry, table.room_behind)


class SetObject(Object):
    """A set: `items` (a ValuesObject's) in insertion order, UNBOUND where one was removed, and `index`.

    `index` has `index_size` (a power of two) slots, or none in a small set: a hash in the upper half and
    the number of an item plus one in the lower half; see `sets_table`.  `aux` is the shift
    that takes a hash to a slot; `flags` is 1 when hashes of nested values are coarse (`sets_hash`).
    """

    count: i64
    used: i64
    capacity: i64
    items: Ptr[Value]
    index_size: i64
    index: Ptr[u64]


class CellObject(Object):
    """A variable outside registers; `aux` is its binding kind (0 mutable, 1 let, 2 const)."""

    value: Value
    name: StringObject


IDENTITY_WORDS = 2


class Proto(Struct):
    """A chunk inside the VM; lives outside the heap as long as the VM."""

    code: Ptr[u64]
    constants: Ptr[Value]
    register_count: i64
    parameter_count: i64
    lent: i64
    call_count: i64  # calls by the interpreter; see `calling.count_reached`
    is_hot: i64  # whether code was asked for
    entry: Ptr[u8]
    name: StringObject
    declared_name: StringObject
    handlers: Ptr[i64]
    handler_count: i64
    positions: Ptr[u64]
    capture_count: i64
    captures: Ptr[i64]
    code_length: i64
    constant_count: i64
    has_receiver: i64
    hidden: i64  # 0, or what `bytecode.positions` calls it
    index: i64  # its place among all chunks of the VM
    number: i64  # what caches and compiled code know it by; see `runtime.functions_numbers`
    identity: Ptr[u64] = inline(IDENTITY_WORDS)  # a digest of what it does, the same in every program that has it
    parameter_feedback: Ptr[u32]
    loop_entries: Ptr[Ptr[u8]]
    exit_count: i64
    arity_name: StringObject
    direct_entry: Ptr[u8]  # compiled code that takes typed arguments, for `direct_signature`
    direct_signature: i64
    stamp: i64  # the same for the same function in every VM: what it is known by when it crosses
    inner_count: i64  # chunks inside this one; their numbers follow its own
    kind: i64  # see `bytecode.chunk`: what a call gives
    resume_entry: Ptr[u8]  # of a generator: compiled code that computes the next item
    resume_count: i64  # how often the interpreter did
    resume_feedback: Ptr[u32]  # kinds of values that registers had then, a bit set for each
    liveness: Ptr[Ptr[u64]]  # per code word: the registers wanted there; see `frame_checks`


class FunctionObject(Object):
    """A closure."""

    proto: Proto
    capture_count: i64
    captures: Ptr[CellObject] = inline(0)


# `flags` of a generator.
SUSPENDED = 0
RUNNING = 1
EXHAUSTED = 2


class GeneratorObject(Object):
    """A suspended frame: its registers, none of them once it has finished, and the code word at which it goes on."""

    function: FunctionObject
    index: i64
    register_count: i64
    registers: Ptr[Value] = inline(0)


# `flags` of an iterator: where its items come from.
FROM_ARRAY = 0
MAPPED = 1
FILTERED = 2
TAKEN = 3


class IteratorObject(Object):
    """A lazy sequence over `source`.

    `position` is the next index into an array, or how many items may still be taken.
    """

    source: Value
    mapping: Value
    position: i64


# `flags` of a promise.
PENDING = 0
RESOLVED = 1
REJECTED = 2


class PromiseObject(Object):
    """An outcome that may still be to come; `aux` is 1 if the promise is that of an async function.

    `value` is the result, the error, or, for a rejected promise of a builtin, the reason: a string, or the promise
    on which it depended and that was rejected before; `part` is which of several that was, -1 if it was the only one.
    `parts` and `missing` belong to a promise that waits for several others.
    """

    value: Value
    position: i64  # where the error was raised, and in which chunk
    proto: Proto
    first_reaction: ReactionObject
    last_reaction: ReactionObject
    parts: Value
    missing: i64
    part: i64
    timeout: i64  # milliseconds after which it is rejected; -1: it is resolved when its time comes
    sequence: i64  # of its timer
    task: TaskObject  # that will settle it, or null


# `flags` of a reaction.
WAKE = 0
FILL = 1
FORWARD = 2


class ReactionObject(Object):
    """What happens when `source` settles: a task goes on, or the promise `target` learns of it."""

    next: ReactionObject
    source: PromiseObject
    task: TaskObject
    target: PromiseObject
    index: i64


# `flags` of a task.
READY = 0
WAITING = 1
FINISHED = 2
FAILED = 3  # by an error that ends the program
CANCELLED = 4


class TaskObject(Object):
    """A thread of control; `aux` is 1 for the main one, which has no promise and nothing saved.

    A task that does not run has its part of both stacks in `saved`: native words from
    `stack` to `native_base`, then values from `values_base` to `values_end`.
    """

    promise: PromiseObject
    next: TaskObject  # in the one queue that it stands in
    entry: Ptr[u8]  # C function (vm, task) -> Value: what it does
    callee: Value
    argument: Value
    number: i64
    starter: Ptr[u8]  # where the native stack of whoever started it goes on; null once it has waited
    starting_task: TaskObject  # while `starter` is not null: who that was, null for the main task, and its frame
    starting_frame: Ptr[Value]
    inherited_depth: i64  # calls that were active there
    stack: Ptr[u8]
    native_base: Ptr[u8]
    values_base: Ptr[Value]
    values_end: Ptr[Value]
    saved: SavedStack
    frame: Ptr[Value]
    depth: i64
    received: Value  # what ended its waiting at a channel: null, or nothing if it is to look again
    waiting_since: i64  # its number among all that ever waited at a channel; 0 if it does not
    importing: i64  # the top level of the innermost module during whose import it runs or was made; 0 if none


class SavedStack(Object):
    """Words of stacks, searched conservatively."""

    capacity: i64  # bytes
    words: Ptr[u8] = inline(0)


class ChannelObject(Object):
    """A queue of values in the ring `items`, and the tasks that wait for one."""

    items: ValuesObject
    first: i64
    count: i64
    first_waiting: TaskObject
    last_waiting: TaskObject
    previous_receiving: ChannelObject  # in the VM's list of channels at which tasks wait; `flags` is 1 for these
    next_receiving: ChannelObject
    queue: Ptr[u8]  # `shared_queues.SharedQueue` that took its place when it crossed to another VM, or null
    next_moving: ChannelObject  # in the list of channels whose values have to move into their queues


class StructDefinition(Object):
    """`aux` is the shape of its instances (`structs_layout`).  Field i has name `field_names[i]`; methods likewise.

    `field_slots` and `method_slots` map names to INT indices.  `defaults` has a value or
    a zero-parameter FUNCTION for each field, or UNBOUND.
    """

    name: StringObject
    field_count: i64
    method_count: i64
    field_names: ValuesObject
    field_slots: DictObject
    method_slots: DictObject
    methods: ValuesObject
    defaults: ValuesObject
    cell_size: i64  # of an instance
    number: i64  # its own in this VM; see `structs_numbers`
    origin: i64  # who made it first, when it came from another VM; see `transfer`


class StructObject(Object):
    """An instance: `kind` and `flags` are its shape, `aux` the tags of its first fields; see `structs_layout`."""


class EnumDefinition(Object):
    name: StringObject


OK_VARIANT = 0
ERR_VARIANT = 1
SOME_VARIANT = 2
NONE_VARIANT = 3


class BoxObject(Object):
    """A result or option; `aux` is the variant."""

    value: Value


class TaggedObject(Object):
    """A tagged value named `Enum::Variant`; `aux` counts the payload."""

    name: StringObject
    payload: Ptr[Value] = inline(0)
