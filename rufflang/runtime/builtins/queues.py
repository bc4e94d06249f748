"""Builtins on queues and stacks, whose objects are arrays: the first element is the front, the last the top.

Nothing is copied when the argument is handed over (`q := queue_enqueue(q, x)`, `[q, x] := queue_dequeue(q)`).
Arguments of a wrong kind count as an empty queue or stack, except where a size is asked for.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, Raised, function, i64, literal, u8
from rufflang.runtime.arrays import (
    array_get,
    array_push,
    array_take_first,
    array_take_last,
    array_value,
    as_array,
    new_array,
)
from rufflang.runtime.arrays_editing import array_section, owned_array
from rufflang.runtime.builtins.parts import Parts, array_of_parts, parts_of
from rufflang.runtime.builtins.registry import builtin
from rufflang.runtime.errors import append_literal, raise_built, raise_literal
from rufflang.runtime.marking import share
from rufflang.runtime.queues import shared_with_item
from rufflang.runtime.text_builder import builder_append_int, builder_new
from rufflang.runtime.values import ARRAY, ERROR, QUEUE, STACK, Value, bool_value, int_value, null_value
from rufflang.runtime.vm import VM


@function(inline=True)
def _as_kind(kind: i64, value: Value) -> Value:
    """The same elements as a value of another of these kinds; an error stays one."""
    return value if value.tag == ERROR else Value(kind, value.payload)


@function
def _made(vm: VM, arguments: Ptr[Value], count: i64, kind: i64) -> Value:
    """A queue or stack of an array's elements."""
    if count == 0 or arguments[0].tag != ARRAY:
        return Value(kind, array_value(new_array(vm, 0)).payload)
    return _as_kind(kind, owned_array(vm, arguments[0], 4))


@function(inline=True)
def _with_item(vm: VM, arguments: Ptr[Value], kind: i64) -> Value:
    """The queue or stack in front of the item, with that at its end."""
    if arguments[0].tag == kind and as_array(arguments[0]).shared == 0:
        array_push(vm, as_array(arguments[0]), arguments[1])
        return arguments[0]
    return _with_item_elsewhere(vm, arguments, kind)


@function(cold=True)
def _with_item_elsewhere(vm: VM, arguments: Ptr[Value], kind: i64) -> Value:
    """`_with_item` for what is shared, or of another kind."""
    if arguments[0].tag != kind:
        return Value(kind, array_value(new_array(vm, 0)).payload)
    if kind == QUEUE and as_array(arguments[0]).shared != 0:
        return _as_kind(kind, shared_with_item(vm, as_array(arguments[0]), arguments[1]))
    result = owned_array(vm, arguments[0], 4)
    if result.tag != ERROR:
        array_push(vm, as_array(result), arguments[1])
    return _as_kind(kind, result)


@function
def _parts_elsewhere(vm: VM, value: Value, kind: i64) -> Parts:
    """The parts of a shared or empty queue or stack, or of what is none."""
    if value.tag != kind:
        return parts_of(Value(kind, array_value(new_array(vm, 0)).payload), null_value())
    items = as_array(value)
    rest = items.length - 1
    if rest < 0:
        return parts_of(value, null_value())
    item = array_get(items, 0 if kind == QUEUE else rest)
    share(item)
    return parts_of(_as_kind(kind, array_section(vm, items, 1 - i64(kind == STACK), rest)), item)


@function
def _peeked(value: Value, kind: i64) -> Value:
    """The first element of a queue, the last of a stack, or null."""
    if value.tag != kind or as_array(value).length == 0:
        return null_value()
    item = array_get(as_array(value), 0 if kind == QUEUE else as_array(value).length - 1)
    share(item)
    return item


@function(inline=True)
def _is_empty(value: Value, kind: i64) -> Value:
    return bool_value(value.tag != kind or as_array(value).length == 0)


@function
def _elements(vm: VM, value: Value, kind: i64) -> Value:
    """The elements as an array."""
    if value.tag != kind:
        return array_value(new_array(vm, 0))
    return _as_kind(ARRAY, owned_array(vm, value, 0))


@function
def _size(vm: VM, arguments: Ptr[Value], count: i64, kind: i64, wrong_count: Ptr[u8], wrong_kind: Ptr[u8]) -> Value:
    """The number of elements; the texts of its two errors have no general form."""
    if count != 1:
        return _raise_count(vm, wrong_count, count)
    if arguments[0].tag != kind:
        return raise_literal(vm, wrong_kind)
    return int_value(as_array(arguments[0]).length)


@function(cold=True)
def _raise_count(vm: VM, before: Ptr[u8], count: i64) -> Raised:
    message = builder_new(vm)
    append_literal(vm, message, before)
    builder_append_int(vm, message, count)
    return raise_built(vm, message)


# --------------------------------------------------------------------------------- queues


@builtin("Queue", 0, 1, arity="central", keeps=(0,))
@function
def builtin_queue(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """Queue(xs: array = []) -> queue

    A queue of the elements, the first in front.
    """
    return _made(vm, arguments, count, QUEUE)


@builtin("queue_enqueue", 2, 2, arity="central", keeps=(0, 1))
@function
def builtin_queue_enqueue(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """queue_enqueue(q: queue, item: any) -> queue

    The queue with the item at its back.
    """
    return _with_item(vm, arguments, QUEUE)


@function
def dequeued_parts(vm: VM, arguments: Ptr[Value], count: i64) -> Parts:
    """The parts that `queue_dequeue` gives."""
    if arguments[0].tag == QUEUE:
        items = as_array(arguments[0])
        if items.shared == 0 and items.length > 0:
            return parts_of(arguments[0], array_take_first(items))
    return _parts_elsewhere(vm, arguments[0], QUEUE)


@builtin("queue_dequeue", 1, 1, arity="central", keeps=(0,), parts=dequeued_parts)
@function
def builtin_queue_dequeue(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """queue_dequeue(q: queue) -> [queue, any]

    The queue without its front element, and that element; null if there is none.
    """
    return array_of_parts(vm, dequeued_parts(vm, arguments, count))


@builtin("queue_peek", 1, 1, arity="central")
@function
def builtin_queue_peek(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """queue_peek(q: queue) -> any

    The front element, or null.
    """
    return _peeked(arguments[0], QUEUE)


@builtin("queue_size")
@function
def builtin_queue_size(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """queue_size(q: queue) -> int

    The number of elements.
    """
    wrong_count = literal("queue_size expects 1 argument (queue), got ")
    return _size(vm, arguments, count, QUEUE, wrong_count, literal("queue_size requires a Queue argument"))


@builtin("queue_is_empty", 1, 1, arity="central")
@function
def builtin_queue_is_empty(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """queue_is_empty(q: queue) -> bool

    Whether the queue has no elements.
    """
    return _is_empty(arguments[0], QUEUE)


@builtin("queue_to_array", 1, 1, arity="central", keeps=(0,))
@function
def builtin_queue_to_array(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """queue_to_array(q: queue) -> array

    The elements from front to back; none for other kinds of value.
    """
    return _elements(vm, arguments[0], QUEUE)


# --------------------------------------------------------------------------------- stacks


@builtin("Stack", 0, 1, arity="central", keeps=(0,))
@function
def builtin_stack(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """Stack(xs: array = []) -> stack

    A stack of the elements, the last on top.
    """
    return _made(vm, arguments, count, STACK)


@builtin("stack_push", 2, 2, arity="central", keeps=(0, 1))
@function
def builtin_stack_push(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """stack_push(s: stack, item: any) -> stack

    The stack with the item on top.
    """
    return _with_item(vm, arguments, STACK)


@function
def stack_parts(vm: VM, arguments: Ptr[Value], count: i64) -> Parts:
    """The parts that `stack_pop` gives."""
    if arguments[0].tag == STACK:
        items = as_array(arguments[0])
        if items.shared == 0 and items.length > 0:
            return parts_of(arguments[0], array_take_last(items))
    return _parts_elsewhere(vm, arguments[0], STACK)


@builtin("stack_pop", 1, 1, arity="central", keeps=(0,), parts=stack_parts)
@function
def builtin_stack_pop(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """stack_pop(s: stack) -> [stack, any]

    The stack without its top element, and that element; null if there is none.
    """
    return array_of_parts(vm, stack_parts(vm, arguments, count))


@builtin("stack_peek", 1, 1, arity="central")
@function
def builtin_stack_peek(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """stack_peek(s: stack) -> any

    The top element, or null.
    """
    return _peeked(arguments[0], STACK)


@builtin("stack_size")
@function
def builtin_stack_size(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """stack_size(s: stack) -> int

    The number of elements.
    """
    wrong_count = literal("stack_size expects 1 argument (stack), got ")
    return _size(vm, arguments, count, STACK, wrong_count, literal("stack_size requires a Stack argument"))


@builtin("stack_is_empty", 1, 1, arity="central")
@function
def builtin_stack_is_empty(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """stack_is_empty(s: stack) -> bool

    Whether the stack has no elements.
    """
    return _is_empty(arguments[0], STACK)


@builtin("stack_to_array", 1, 1, arity="central", keeps=(0,))
@function
def builtin_stack_to_array(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """stack_to_array(s: stack) -> array

    The elements from bottom to top; none for other kinds of value.
    """
    return _elements(vm, arguments[0], STACK)
