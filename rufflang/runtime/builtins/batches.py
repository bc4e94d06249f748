"""Functions that call another one for every element of an array and wait for all results.

Each runs as a task of its own, so that it can wait in the middle of its loop.
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, address_of_function, call_pointer, function, i64, literal, u8
from rufflang.runtime.arrays import array_get, array_push, array_value, as_array, new_array
from rufflang.runtime.builtins.promises import check_limit
from rufflang.runtime.builtins.registry import builtin
from rufflang.runtime.errors import append_literal, raise_built, raise_literal, raise_message, take_error
from rufflang.runtime.objects import REJECTED, TaskObject
from rufflang.runtime.promises import (
    as_promise,
    message_of,
    promise_of_all,
    promise_value,
    reason_of,
)
from rufflang.runtime.tasks import new_task, start, wait_for
from rufflang.runtime.text_builder import builder_append_string, builder_new
from rufflang.runtime.values import ARRAY, ERROR, FUNCTION, NATIVE, PROMISE, Value, null_value
from rufflang.runtime.vm import VM

_NOT_CALLABLE = (
    "parallel_map() second argument must be a callable function; "
    "pass a function, closure, or imported callable value instead of a literal"
)


@function
def _start(vm: VM, entry: Ptr[u8], arguments: Ptr[Value], count: i64) -> Value:
    """Checks the arguments of a batch function and runs it as a task; its promise, or ERROR."""
    if arguments[0].tag != ARRAY:
        return raise_literal(vm, literal("parallel_map() first argument must be an array"))
    if arguments[1].tag != FUNCTION and arguments[1].tag != NATIVE:
        return raise_literal(vm, literal(_NOT_CALLABLE))
    limit = vm.batch_limit
    if count == 3:
        checked = check_limit(vm, literal("parallel_map"), arguments[2])
        if checked.tag == ERROR:
            return checked
        limit = checked.payload
    task = new_task(vm, entry, arguments[1], arguments[0], limit)
    if not start(vm, task):
        return Value(ERROR, 0)
    # What it is rejected with is a reason, not an error of the program's.
    task.promise.aux = 0
    return promise_value(task.promise)


@function
def _map_all(vm: VM, task: TaskObject) -> Value:
    """Calls the function for each element, a limited number ahead of the oldest that has not settled."""
    items = as_array(task.argument)
    results = array_value(new_array(vm, items.length))
    for index in range(items.length):
        if index >= task.number:
            earlier = array_get(as_array(results), index - task.number)
            if earlier.tag == PROMISE and not wait_for(vm, as_promise(earlier)):
                return Value(ERROR, 0)
        result = _call(vm, task.callee, array_get(items, index))
        if result.tag == ERROR:
            return result
        array_push(vm, as_array(results), result)
    promise = promise_of_all(vm, results)
    if not wait_for(vm, promise):
        return Value(ERROR, 0)
    if i64(promise.flags) == REJECTED:
        return raise_message(vm, reason_of(vm, promise))
    return promise.value


@function
def _call(vm: VM, callee: Value, item: Value) -> Value:
    place = vm.scratch
    place[0] = item
    result: Value = call_pointer(Value, vm.call_value, vm, callee.tag, callee.payload, place, i64(1))
    if result.tag == ERROR and vm.error_is_fatal == 0:
        reason = message_of(vm, take_error(vm))
        text = builder_new(vm)
        append_literal(vm, text, literal("parallel_map() mapper call failed: "))
        builder_append_string(vm, text, reason)
        return raise_built(vm, text)
    return result


@function
def _call_for_each(vm: VM, task: TaskObject) -> Value:
    result = _map_all(vm, task)
    return result if result.tag == ERROR else null_value()


@builtin("parallel_map", 2, 3, aliases=("par_map",), arity="central", keeps=(0, 1))
@function
def builtin_parallel_map(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """parallel_map(xs: array, f: function, limit?: int) -> promise

    A promise of the array of f(x); promises that f gives are waited for, at most `limit` of them
    together.
    """
    return _start(vm, address_of_function(_map_all), arguments, count)


@builtin("par_each", 2, 3, arity="central", keeps=(0, 1))
@function
def builtin_par_each(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """par_each(xs: array, f: function, limit?: int) -> promise

    As `parallel_map`, with null as its result.
    """
    return _start(vm, address_of_function(_call_for_each), arguments, count)
