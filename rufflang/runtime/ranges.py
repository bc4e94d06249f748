"""Arrays of evenly spaced ints: what `range` gives where it is not just gone through."""

from __future__ import annotations

from rufflang.lowpy import function, i64, u64
from rufflang.runtime.arrays import array_value, array_words, new_packed
from rufflang.runtime.errors import raise_out_of_memory
from rufflang.runtime.heap import room_for
from rufflang.runtime.objects import ArrayObject
from rufflang.runtime.stopping import WORK_STEPS, work_stops
from rufflang.runtime.values import INT, Value
from rufflang.runtime.vm import VM

_MOST_ELEMENTS = 1 << 40  # no memory holds more


@function
def array_of_range(vm: VM, start: i64, stop: i64, step: i64) -> Value:
    """The ints from start up to stop (exclusive) by step, which is not 0."""
    length = _count_of_range(start, stop, step)
    if length > u64(_MOST_ELEMENTS) or not room_for(vm, i64(length) * 8):
        return raise_out_of_memory(vm)
    numbers = new_packed(vm, INT, i64(length))
    _fill(vm, numbers, start, step)
    return array_value(numbers)


@function
def _count_of_range(start: i64, stop: i64, step: i64) -> u64:
    if step > 0:
        if start >= stop:
            return 0
        return (u64(stop) - u64(start) - 1) // u64(step) + 1
    if start <= stop:
        return 0
    return (u64(start) - u64(stop) - 1) // u64(-step) + 1


@function
def _fill(vm: VM, numbers: ArrayObject, start: i64, step: i64) -> None:
    """Writes the ints, as long as the program is not to stop: a short program can ask for very many."""
    words = array_words(numbers)
    done = 0
    while done < numbers.length and not work_stops(vm):
        end = done + WORK_STEPS
        if end > numbers.length:
            end = numbers.length
        for i in range(done, end):
            words[i] = start + i * step
        done = end
