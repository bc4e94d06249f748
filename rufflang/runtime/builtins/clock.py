"""Clocks and sleeping."""

from __future__ import annotations

import time

from rufflang.lowpy import (
    Ptr,
    cast,
    external,
    f64,
    function,
    i32,
    i64,
    literal,
    null,
    u8,
    u32,
)
from rufflang.runtime.builtins.output import flush_output
from rufflang.runtime.builtins.registry import builtin
from rufflang.runtime.errors import append_literal, raise_built, raise_literal
from rufflang.runtime.heap import new_buffer
from rufflang.runtime.heap_system import system_clock_gettime
from rufflang.runtime.numbers_arguments import as_number, is_number
from rufflang.runtime.safepoints import stop_requested
from rufflang.runtime.stopping import is_asked_to_stop
from rufflang.runtime.text_builder import builder_append_int, builder_new
from rufflang.runtime.values import ERROR, INT, Value, float_value, int_value
from rufflang.runtime.vm import VM

_REAL_TIME = time.CLOCK_REALTIME
_MONOTONIC = time.CLOCK_MONOTONIC
_NANOSECONDS_A_SECOND = 1_000_000_000
NANOSECONDS_A_MILLISECOND = 1_000_000
_LONGEST_SLEEP = 1 << 60
_SLICE = 5 * NANOSECONDS_A_MILLISECOND  # a sleeping program notices an interruption after this


@external("nanosleep")
def _nanosleep(duration: Ptr[i64], rest: Ptr[i64]) -> i32: ...


@function
def _read_clock(vm: VM, clock: i64) -> i64:
    """Nanoseconds shown by one of the system's clocks."""
    words = cast(Ptr[i64], new_buffer(vm, 16).bytes)
    system_clock_gettime(i32(clock), words)
    return words[0] * _NANOSECONDS_A_SECOND + words[1]


@function(export="vm_monotonic_time")
def monotonic_time(vm: VM) -> i64:
    """Nanoseconds since some fixed moment; `VM.started_at` is one of these."""
    return _read_clock(vm, _MONOTONIC)


@function
def _check_no_arguments(vm: VM, count: i64, name: Ptr[u8]) -> Value:
    if count == 0:
        return Value(INT, 0)
    message = builder_new(vm)
    append_literal(vm, message, name)
    append_literal(vm, message, literal("() expects 0 arguments, got "))
    builder_append_int(vm, message, count)
    return raise_built(vm, message)


@builtin("performance_now", capability="clock")
@function
def builtin_performance_now(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """performance_now() -> float

    Milliseconds since the program started, with fractions.
    """
    checked = _check_no_arguments(vm, count, literal("performance_now"))
    if checked.tag == ERROR:
        return checked
    return float_value(f64(monotonic_time(vm) - vm.started_at) / f64(NANOSECONDS_A_MILLISECOND))


@builtin("now", capability="clock")
@function
def builtin_now(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """now() -> float

    Unix time in whole seconds.
    """
    checked = _check_no_arguments(vm, count, literal("now"))
    if checked.tag == ERROR:
        return checked
    words = cast(Ptr[i64], new_buffer(vm, 16).bytes)
    system_clock_gettime(i32(_REAL_TIME), words)
    return float_value(f64(words[0]))


@builtin("current_timestamp", aliases=("time",), capability="clock")
@function
def builtin_current_timestamp(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """current_timestamp() -> int

    Unix time in milliseconds.
    """
    checked = _check_no_arguments(vm, count, literal("current_timestamp"))
    if checked.tag == ERROR:
        return checked
    words = cast(Ptr[i64], new_buffer(vm, 16).bytes)
    system_clock_gettime(i32(_REAL_TIME), words)
    return int_value(words[0] * 1000 + i64(u32(words[1]) // 1_000_000))


@function
def sleep_until(vm: VM, deadline: i64) -> None:
    """Returns at the deadline, or soon after something wants to stop the program."""
    words = cast(Ptr[i64], new_buffer(vm, 16).bytes)
    left = deadline - monotonic_time(vm)
    while left > 0 and not is_asked_to_stop(vm):
        words[0] = 0
        words[1] = left if left < _SLICE else _SLICE
        _nanosleep(words, null(Ptr[i64]))
        left = deadline - monotonic_time(vm)


@builtin("sleep", capability="clock")
@function
def builtin_sleep(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """sleep(ms: number) -> int

    Waits so many milliseconds; the result is 0.
    """
    if count != 1:
        return raise_literal(vm, literal("sleep() expects 1 argument"))
    if not is_number(arguments[0]):
        return raise_literal(vm, literal("sleep() requires a number argument"))
    milliseconds = as_number(arguments[0])
    if milliseconds < 0.0:
        return raise_literal(vm, literal("sleep() requires non-negative milliseconds"))
    duration = i64(milliseconds * f64(NANOSECONDS_A_MILLISECOND))
    flush_output(vm)
    sleep_until(vm, monotonic_time(vm) + (duration if duration < _LONGEST_SLEEP else _LONGEST_SLEEP))
    if vm.interrupt != 0 and stop_requested(vm):
        return Value(ERROR, 0)
    return int_value(0)
