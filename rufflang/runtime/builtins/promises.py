"""Promises and tasks: waiting for time, for several promises, and running functions as tasks."""

from __future__ import annotations

from rufflang.lowpy import (
    Ptr,
    Raised,
    address_of_function,
    call_pointer,
    cast,
    function,
    i64,
    literal,
    literal_size,
    u8,
    word,
)
from rufflang.runtime.arrays import array_get, as_array
from rufflang.runtime.builtins.clock import NANOSECONDS_A_MILLISECOND, monotonic_time
from rufflang.runtime.builtins.registry import builtin
from rufflang.runtime.errors import append_literal, raise_built, raise_literal
from rufflang.runtime.objects import FunctionObject, TaskObject
from rufflang.runtime.promises import (
    as_promise,
    follow,
    is_pending,
    new_promise,
    promise_of_all,
    promise_value,
)
from rufflang.runtime.strings import new_string, string_value
from rufflang.runtime.tasks import cancel, new_task, start
from rufflang.runtime.text_builder import builder_append_int, builder_new
from rufflang.runtime.timers import add_timer
from rufflang.runtime.values import (
    ARRAY,
    ERROR,
    FUNCTION,
    INT,
    NATIVE,
    PROMISE,
    TASK,
    Value,
    bool_value,
    int_value,
    null_value,
)
from rufflang.runtime.vm import VM

_ASYNC_FUNCTION = 2
_LONGEST_WAIT = 1 << 40  # milliseconds


@function(cold=True)
def raise_counted(vm: VM, text: Ptr[u8], number: i64) -> Raised:
    """Raises an error whose message is a `literal(…)` and a number."""
    message = builder_new(vm)
    append_literal(vm, message, text)
    builder_append_int(vm, message, number)
    return raise_built(vm, message)


@function
def _time_after(vm: VM, milliseconds: i64) -> i64:
    limited = milliseconds if milliseconds < _LONGEST_WAIT else i64(_LONGEST_WAIT)
    return monotonic_time(vm) + limited * NANOSECONDS_A_MILLISECOND


@builtin("async_sleep", capability="clock")
@function
def builtin_async_sleep(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """async_sleep(ms: int) -> promise

    A promise that resolves to null after so many milliseconds.
    """
    if count != 1:
        return raise_counted(vm, literal("async_sleep() expects 1 argument (milliseconds), got "), count)
    if arguments[0].tag != INT:
        return raise_literal(vm, literal("async_sleep() requires an integer milliseconds argument"))
    milliseconds = arguments[0].payload
    if milliseconds < 0:
        return raise_counted(vm, literal("async_sleep() requires non-negative milliseconds, got "), milliseconds)
    promise = new_promise(vm)
    promise.timeout = -1
    add_timer(vm, promise, _time_after(vm, milliseconds))
    return promise_value(promise)


@builtin("async_timeout", capability="clock")
@function
def builtin_async_timeout(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """async_timeout(promise: promise, ms: int) -> promise

    A promise of the same outcome, which is rejected with `Timeout after {ms}ms` if that takes longer.
    """
    if count != 2:
        return raise_counted(vm, literal("async_timeout() expects 2 arguments (promise, timeout_ms), got "), count)
    if arguments[0].tag != PROMISE:
        return raise_literal(vm, literal("async_timeout() requires a Promise as first argument"))
    if arguments[1].tag != INT:
        return raise_literal(vm, literal("async_timeout() requires an integer timeout_ms argument"))
    milliseconds = arguments[1].payload
    if milliseconds <= 0:
        return raise_counted(vm, literal("async_timeout() requires positive timeout_ms, got "), milliseconds)
    promise = new_promise(vm)
    promise.timeout = milliseconds
    follow(vm, as_promise(arguments[0]), promise)
    if is_pending(promise):
        add_timer(vm, promise, _time_after(vm, milliseconds))
    return promise_value(promise)


@function
def check_limit(vm: VM, name: Ptr[u8], limit: Value) -> Value:
    """Whether an optional limit on concurrency is one; ERROR if not."""
    message = builder_new(vm)
    append_literal(vm, message, name)
    if limit.tag != INT:
        append_literal(vm, message, literal("() optional concurrency_limit must be an integer"))
        return raise_built(vm, message)
    if limit.payload > 0:
        return limit
    append_literal(vm, message, literal("() concurrency_limit must be > 0, got "))
    builder_append_int(vm, message, limit.payload)
    return raise_built(vm, message)


@builtin("Promise.all", 1, 2, aliases=("promise_all", "await_all"), arity="central", keeps=(0,))
@function
def builtin_promise_all(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """Promise.all(promises: array, limit?: int) -> promise

    A promise of the array of all results, in the order of the promises; rejected as soon as one of them
    is.  They are in progress already, so the limit changes nothing.
    """
    if arguments[0].tag != ARRAY:
        return raise_literal(vm, literal("Promise.all() requires an array of promises"))
    if count == 2:
        limit = check_limit(vm, literal("Promise.all"), arguments[1])
        if limit.tag == ERROR:
            return limit
    for index in range(as_array(arguments[0]).length):
        if array_get(as_array(arguments[0]), index).tag != PROMISE:
            return _raise_no_promise(vm, index)
    return promise_value(promise_of_all(vm, arguments[0]))


@function(cold=True)
def _raise_no_promise(vm: VM, index: i64) -> Raised:
    message = builder_new(vm)
    append_literal(vm, message, literal("Promise.all() array element "))
    builder_append_int(vm, message, index)
    append_literal(vm, message, literal(" is not a Promise"))
    return raise_built(vm, message)


@builtin("Promise")
@function
def builtin_promise(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """Promise()

    The home of `Promise.all`; calling it raises an error.
    """
    return raise_literal(vm, literal("Promise cannot be called; use Promise.all(promises)"))


# -------------------------------------------------------------------------------- tasks


@builtin("spawn_task", keeps=(0,))
@function
def builtin_spawn_task(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """spawn_task(f: function) -> taskhandle

    Runs a function without parameters as a task, which starts at once.
    """
    if count != 1:
        return raise_counted(vm, literal("spawn_task() expects 1 argument (async function), got "), count)
    callee = arguments[0]
    if callee.tag != FUNCTION and callee.tag != NATIVE:
        return raise_literal(vm, literal("spawn_task() requires an async function argument"))
    if callee.tag == FUNCTION:
        proto = cast(FunctionObject, callee.payload).proto
        if proto.kind == _ASYNC_FUNCTION or proto.parameter_count != 0:
            promise = _run_callee_of(vm, callee)
            return promise if promise.tag == ERROR else Value(TASK, word(as_promise(promise).task))
    task = new_task(vm, address_of_function(_run_callee), callee, null_value(), 0)
    if not start(vm, task):
        return Value(ERROR, 0)
    return Value(TASK, word(task))


@function
def _run_callee_of(vm: VM, callee: Value) -> Value:
    result: Value = call_pointer(Value, vm.call_value, vm, callee.tag, callee.payload, vm.scratch, i64(0))
    return result


@function
def _run_callee(vm: VM, task: TaskObject) -> Value:
    """What a task does that runs a function."""
    return _run_callee_of(vm, task.callee)


@builtin("await_task")
@function
def builtin_await_task(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """await_task(task: taskhandle) -> promise

    A promise of the task's result.
    """
    if count != 1 or arguments[0].tag != TASK:
        return raise_literal(vm, literal("await_task() requires a TaskHandle argument"))
    promise = new_promise(vm)
    follow(vm, cast(TaskObject, arguments[0].payload).promise, promise)
    return promise_value(promise)


@builtin("cancel_task")
@function
def builtin_cancel_task(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """cancel_task(task: taskhandle) -> bool

    Stops a task at the next place where it waits, and tells whether it had not ended yet.
    """
    if count != 1 or arguments[0].tag != TASK:
        return raise_literal(vm, literal("cancel_task() requires a TaskHandle argument"))
    reason = string_value(new_string(vm, literal("Task was cancelled"), literal_size("Task was cancelled")))
    return bool_value(cancel(vm, cast(TaskObject, arguments[0].payload), reason))


@builtin("set_task_pool_size")
@function
def builtin_set_task_pool_size(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """set_task_pool_size(size: int) -> int

    Sets how many calls of a batch function are in progress together, and gives the previous number.
    """
    if count != 1:
        return raise_counted(vm, literal("set_task_pool_size() expects 1 argument (size), got "), count)
    if arguments[0].tag != INT:
        return raise_literal(vm, literal("set_task_pool_size() requires an integer size argument"))
    if arguments[0].payload <= 0:
        return raise_counted(vm, literal("set_task_pool_size() size must be > 0, got "), arguments[0].payload)
    previous = vm.batch_limit
    vm.batch_limit = arguments[0].payload
    return int_value(previous)


@builtin("get_task_pool_size")
@function
def builtin_get_task_pool_size(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """get_task_pool_size() -> int

    How many calls of a batch function are in progress together unless it is told otherwise.
    """
    if count != 0:
        return raise_counted(vm, literal("get_task_pool_size() expects 0 arguments, got "), count)
    return int_value(vm.batch_limit)
