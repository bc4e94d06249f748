"""Promises and tasks (`stdlib.md` section 33)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rufflang.reference.builtins.registry import PRELUDE, builtin
from rufflang.reference.calls import start_task
from rufflang.reference.errors import RuffError
from rufflang.reference.promises import PromiseValue, Rejected, Resolved
from rufflang.reference.scheduler import Task
from rufflang.reference.values import (
    ArrayValue,
    FunctionValue,
    NativeFunction,
    Value,
    array_of,
    is_function,
    share,
    share_all,
)

if TYPE_CHECKING:
    from rufflang.reference.machine import Machine


@builtin(
    "async_sleep", 1, arity_message="async_sleep() expects 1 argument (milliseconds), got {got}", capability="clock"
)
def async_sleep(machine: Machine, arguments: list[Any]) -> Value:
    """A promise that resolves to null after so many milliseconds."""
    duration = arguments[0]
    if type(duration) is not int:
        raise RuffError("async_sleep() requires an integer milliseconds argument")
    if duration < 0:
        raise RuffError(f"async_sleep() requires non-negative milliseconds, got {duration}")
    promise = PromiseValue()
    machine.scheduler.call_later(duration, lambda: promise.settle(Resolved(None)))
    return promise


@builtin(
    "async_timeout",
    2,
    arity_message="async_timeout() expects 2 arguments (promise, timeout_ms), got {got}",
    capability="clock",
)
def async_timeout(machine: Machine, arguments: list[Any]) -> Value:
    """A promise of another one's outcome, rejected if that takes more than so many milliseconds."""
    awaited, limit = arguments
    if not isinstance(awaited, PromiseValue):
        raise RuffError("async_timeout() requires a Promise as first argument")
    if type(limit) is not int:
        raise RuffError("async_timeout() requires an integer timeout_ms argument")
    if limit <= 0:
        raise RuffError(f"async_timeout() requires positive timeout_ms, got {limit}")
    promise = PromiseValue()
    _follow(promise, awaited)
    machine.scheduler.call_later(limit, lambda: promise.settle(Rejected(f"Timeout after {limit}ms")))
    return promise


def _follow(promise: PromiseValue, awaited: PromiseValue) -> None:
    """`promise`, being one of a built-in, gets the outcome of `awaited`."""

    def copy_outcome() -> None:
        outcome = awaited.outcome
        assert outcome is not None
        promise.settle(Rejected("", cause=outcome) if isinstance(outcome, Rejected) else outcome)

    awaited.when_settled(copy_outcome)


# ------------------------------------------------------------------- many promises at once


def _limit(machine: Machine, name: str, arguments: list[Any], position: int) -> int:
    """The optional limit at the end of the arguments."""
    if len(arguments) <= position:
        return machine.threads.task_pool_size
    limit = arguments[position]
    if type(limit) is not int:
        raise RuffError(f"{name}() optional concurrency_limit must be an integer")
    if limit <= 0:
        raise RuffError(f"{name}() concurrency_limit must be > 0, got {limit}")
    return limit


class _Gathering:
    """Results that arrive in any order and become one array."""

    def __init__(self, count: int) -> None:
        self.promise = PromiseValue()
        self._results: list[Value] = [None] * count
        self._missing = count
        if count == 0:
            self.promise.settle(Resolved(ArrayValue([])))

    def put(self, position: int, value: Value) -> None:
        """The result for one position."""
        self._results[position] = share(value)
        self._missing -= 1
        if self._missing == 0:
            self.promise.settle(Resolved(array_of(self._results)))

    def follow(self, position: int, awaited: PromiseValue) -> None:
        """The result for one position is what `awaited` resolves to."""

        def take() -> None:
            if isinstance(awaited.outcome, Resolved):
                self.put(position, awaited.outcome.value)
            elif awaited.outcome is not None:
                self.promise.settle(Rejected(f"Promise {position} rejected: ", cause=awaited.outcome))

        awaited.when_settled(take)


def _promise_all(machine: Machine, arguments: list[Any]) -> Value:
    """A promise of the array of all results, rejected by the first rejection."""
    promises = arguments[0]
    if not isinstance(promises, ArrayValue):
        raise RuffError("Promise.all() requires an array of promises")
    _limit(machine, "Promise.all", arguments, 1)
    for position, promise in enumerate(promises.items):
        if not isinstance(promise, PromiseValue):
            raise RuffError(f"Promise.all() array element {position} is not a Promise")
    gathering = _Gathering(len(promises))
    for position, promise in enumerate(promises.items):
        assert isinstance(promise, PromiseValue)
        gathering.follow(position, promise)
    return gathering.promise


builtin("Promise.all", 1, 2, aliases=("promise_all", "await_all"))(_promise_all)
del PRELUDE["Promise.all"]


@builtin("Promise", 0, None)
def promise_home(machine: Machine, arguments: list[Any]) -> Value:
    """The home of `Promise.all` (see `methods`); calling it raises an error."""
    raise RuffError("Promise cannot be called; use Promise.all(promises)")


def _mapped(machine: Machine, arguments: list[Any]) -> PromiseValue:
    """A promise of the results of a function; no more than a limited number are under way at once."""
    items, function = arguments[0], arguments[1]
    if not isinstance(items, ArrayValue):
        raise RuffError("parallel_map() first argument must be an array")
    if not is_function(function):
        raise RuffError(
            "parallel_map() second argument must be a callable function; "
            "pass a function, closure, or imported callable value instead of a literal"
        )
    limit = _limit(machine, "parallel_map", arguments, 2)
    values = share_all(list(items.items))
    gathering = _Gathering(len(values))

    def call_for_each() -> Value:
        under_way: list[PromiseValue] = []
        for position, value in enumerate(values):
            while len(under_way) >= limit:
                machine.scheduler.wait_until_settled(under_way[0])
                under_way = [promise for promise in under_way if not promise.settled]
            result = _call_mapper(machine, function, value)
            if isinstance(result, PromiseValue):
                under_way.append(result)
                gathering.follow(position, result)
            else:
                gathering.put(position, result)
        return None

    task = machine.scheduler.start(call_for_each)
    task.promise.when_settled(lambda: _pass_rejection(task.promise, gathering.promise))
    return gathering.promise


def _call_mapper(machine: Machine, function: Value, value: Value) -> Value:
    try:
        return machine.call(function, [value])
    except RuffError as error:
        raise RuffError(f"parallel_map() mapper call failed: {error.message}") from None


def _pass_rejection(promise: PromiseValue, to: PromiseValue) -> None:
    if isinstance(promise.outcome, Rejected):
        to.settle(Rejected("", cause=promise.outcome))


@builtin("parallel_map", 2, 3, aliases=("par_map",))
def parallel_map(machine: Machine, arguments: list[Any]) -> Value:
    """A promise of the array of a function's results; promises among them are awaited."""
    return _mapped(machine, arguments)


@builtin("par_each", 2, 3)
def par_each(machine: Machine, arguments: list[Any]) -> Value:
    """Like `parallel_map`, but the promise resolves to null."""
    mapped, promise = _mapped(machine, arguments), PromiseValue()

    def finish() -> None:
        promise.settle(mapped.outcome if isinstance(mapped.outcome, Rejected) else Resolved(None))

    mapped.when_settled(finish)
    return promise


# --------------------------------------------------------------------------------- tasks


@builtin("spawn_task", 1, arity_message="spawn_task() expects 1 argument (async function), got {got}")
def spawn_task(machine: Machine, arguments: list[Any]) -> Value:
    """Runs a function without parameters as a task; the result is the task's handle."""
    if not isinstance(arguments[0], (FunctionValue, NativeFunction)):
        raise RuffError("spawn_task() requires an async function argument")
    return start_task(machine, arguments[0])


@builtin("await_task", 1, arity_message="await_task() requires a TaskHandle argument")
def await_task(machine: Machine, arguments: list[Any]) -> Value:
    """A promise of a task's result."""
    if not isinstance(arguments[0], Task):
        raise RuffError("await_task() requires a TaskHandle argument")
    promise = PromiseValue()
    _follow(promise, arguments[0].promise)
    return promise


@builtin("cancel_task", 1, arity_message="cancel_task() requires a TaskHandle argument")
def cancel_task(machine: Machine, arguments: list[Any]) -> Value:
    """Stops a task where it waits; whether it had not ended yet."""
    if not isinstance(arguments[0], Task):
        raise RuffError("cancel_task() requires a TaskHandle argument")
    return machine.scheduler.cancel(arguments[0])


@builtin("set_task_pool_size", 1, arity_message="set_task_pool_size() expects 1 argument (size), got {got}")
def set_task_pool_size(machine: Machine, arguments: list[Any]) -> Value:
    """Sets the limit that `parallel_map` and the like use when they are given none; the previous one."""
    size = arguments[0]
    if type(size) is not int:
        raise RuffError("set_task_pool_size() requires an integer size argument")
    if size <= 0:
        raise RuffError(f"set_task_pool_size() size must be > 0, got {size}")
    previous, machine.threads.task_pool_size = machine.threads.task_pool_size, size
    return previous


@builtin("get_task_pool_size", 0, arity_message="get_task_pool_size() expects 0 arguments, got {got}")
def get_task_pool_size(machine: Machine, arguments: list[Any]) -> Value:
    """The limit that `parallel_map` and the like use when they are given none."""
    return machine.threads.task_pool_size
