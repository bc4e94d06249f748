"""The shared store as builtins: values that the program and its spawned blocks all see.

What is stored is a copy, and so is what one gets.  `shared_add_int` adds in one step, whoever else
does the same at that moment.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, Raised, add_overflow, cast, copy_memory, function, i64, is_null, literal, u8
from rufflang.runtime.builtins.output import flush_output
from rufflang.runtime.builtins.registry import builtin
from rufflang.runtime.errors import append_literal, raise_built, raise_named, raise_out_of_memory
from rufflang.runtime.exchange import Exchange, adopt, exchange_of, lock, release, unlock
from rufflang.runtime.heap_system import system_calloc
from rufflang.runtime.objects import StringObject
from rufflang.runtime.shared_store import delete_entry, find_entry, put_entry
from rufflang.runtime.strings import as_string
from rufflang.runtime.text_builder import builder_append_int, builder_append_string, builder_new
from rufflang.runtime.transfer_block import BLOCK_OBJECTS, BLOCK_PAYLOAD, BLOCK_SIZE, BLOCK_TAG, block_value, free_block
from rufflang.runtime.transfer_messages import pack_message
from rufflang.runtime.transfer_unpacking import unpack
from rufflang.runtime.values import ERROR, INT, NULL, STRING, Value, bool_value, int_value
from rufflang.runtime.vm import VM


@function(cold=True)
def _raise_about_key(vm: VM, name: Ptr[u8], before: Ptr[u8], key: StringObject, after: Ptr[u8]) -> Raised:
    message = builder_new(vm)
    append_literal(vm, message, name)
    append_literal(vm, message, before)
    builder_append_string(vm, message, key)
    append_literal(vm, message, after)
    return raise_built(vm, message)


@function(cold=True)
def _raise_overflow(vm: VM, left: i64, right: i64) -> Raised:
    message = builder_new(vm)
    append_literal(vm, message, literal("Integer overflow: "))
    builder_append_int(vm, message, left)
    append_literal(vm, message, literal(" + "))
    builder_append_int(vm, message, right)
    return raise_built(vm, message)


@function
def _check_key(vm: VM, arguments: Ptr[Value], is_count_right: bool, name: Ptr[u8], usage: Ptr[u8]) -> Value:
    """ERROR unless there are as many arguments as there should be and the first is a string."""
    if not is_count_right:
        return raise_named(vm, name, usage)
    if arguments[0].tag != STRING:
        return raise_named(vm, name, literal(" key must be a string"))
    return arguments[0]


@builtin("shared_set")
@function
def builtin_shared_set(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """shared_set(key: string, value: any) -> bool

    Stores a copy of the value where the program and all its spawned blocks find it; true.
    """
    usage = literal(" requires (key, value) arguments")
    checked = _check_key(vm, arguments, count == 2, literal("shared_set"), usage)
    if checked.tag == ERROR:
        return checked
    flush_output(vm)
    block = pack_message(vm, arguments[1])
    if is_null(block):
        return Value(ERROR, 0)
    if not _store(vm, as_string(arguments[0]), block):
        return raise_out_of_memory(vm)
    return bool_value(True)


@function
def _store(vm: VM, key: StringObject, block: Ptr[i64]) -> bool:
    exchange = exchange_of(vm)
    lock(exchange)
    if not adopt(vm, exchange, block):
        unlock(exchange)
        return False
    previous = put_entry(exchange, key, block)
    if not is_null(previous):
        release(exchange, previous)
    unlock(exchange)
    free_block(previous)
    return True


@builtin("shared_get")
@function
def builtin_shared_get(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """shared_get(key: string) -> any

    A copy of the value stored under a name.
    """
    usage = literal(" requires one key argument")
    checked = _check_key(vm, arguments, count == 1, literal("shared_get"), usage)
    if checked.tag == ERROR:
        return checked
    key = as_string(arguments[0])
    exchange = exchange_of(vm)
    lock(exchange)
    entry = find_entry(exchange, key)
    if is_null(entry):
        unlock(exchange)
        return _raise_about_key(vm, literal("shared_get"), literal(" key '"), key, literal("' not found"))
    if entry.block[BLOCK_OBJECTS] == 0:
        value = block_value(entry.block, BLOCK_TAG)
        unlock(exchange)
        return value
    # Others need not wait while this VM makes objects, and perhaps collects.
    size = entry.block[BLOCK_SIZE] * 8
    block = cast(Ptr[i64], system_calloc(1, size))
    copy_memory(block, entry.block, size)
    unlock(exchange)
    value = unpack(vm, block)
    free_block(block)
    return value


@builtin("shared_has")
@function
def builtin_shared_has(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """shared_has(key: string) -> bool

    Whether something is stored under a name.
    """
    usage = literal(" requires one key argument")
    checked = _check_key(vm, arguments, count == 1, literal("shared_has"), usage)
    if checked.tag == ERROR:
        return checked
    exchange = exchange_of(vm)
    lock(exchange)
    found = not is_null(find_entry(exchange, as_string(arguments[0])))
    unlock(exchange)
    return bool_value(found)


@builtin("shared_delete")
@function
def builtin_shared_delete(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """shared_delete(key: string) -> bool

    Forgets what is stored under a name; false if there was nothing.
    """
    usage = literal(" requires one key argument")
    checked = _check_key(vm, arguments, count == 1, literal("shared_delete"), usage)
    if checked.tag == ERROR:
        return checked
    exchange = exchange_of(vm)
    lock(exchange)
    block = delete_entry(exchange, as_string(arguments[0]))
    if not is_null(block):
        release(exchange, block)
    unlock(exchange)
    free_block(block)
    return bool_value(not is_null(block))


@builtin("shared_add_int")
@function
def builtin_shared_add_int(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """shared_add_int(key: string, delta: int) -> int

    Adds to the int stored under a name, and gives the sum.  Nobody can come in between.
    """
    name = literal("shared_add_int")
    checked = _check_key(vm, arguments, count == 2, name, literal(" requires (key, delta) arguments"))
    if checked.tag == ERROR:
        return checked
    if arguments[1].tag != INT:
        return raise_named(vm, name, literal(" delta must be an int"))
    flush_output(vm)
    key = as_string(arguments[0])
    exchange = exchange_of(vm)
    lock(exchange)
    added = _add(exchange, key, arguments[1].payload)
    unlock(exchange)
    if added.tag == INT:
        return added
    if added.tag == STRING:
        return _raise_overflow(vm, added.payload, arguments[1].payload)
    if added.tag == NULL:
        return _raise_about_key(vm, name, literal(" key '"), key, literal("' not found"))
    return _raise_about_key(vm, name, literal(" requires key '"), key, literal("' to reference an int"))


@function
def _add(exchange: Exchange, key: StringObject, delta: i64) -> Value:
    """The sum; NULL: no such name; BOOL: no int; STRING with the old value: the sum is too large."""
    entry = find_entry(exchange, key)
    if is_null(entry):
        return Value(NULL, 0)
    if entry.block[BLOCK_TAG] != INT:
        return bool_value(False)
    total, overflowed = add_overflow(entry.block[BLOCK_PAYLOAD], delta)
    if overflowed:
        return Value(STRING, entry.block[BLOCK_PAYLOAD])
    entry.block[BLOCK_PAYLOAD] = total
    return int_value(total)
