"""Changing native stacks: whoever was left goes on where it was, with everything it held."""

from __future__ import annotations

import ctypes
import mmap

import pytest

from rufflang.lowpy import Ptr, address_of_function, cast, element, function, i64, null, offset, u8
from rufflang.lowpy.function import functions_of
from rufflang.lowpy.library import ObjectLibrary, load_functions
from rufflang.runtime.native_stacks import call_on_stack, start_on_stack, switch_stack
from rufflang.runtime.values import Value

STACK_BYTES = 1 << 16
STARTER, VISITOR, SUM, ROUNDS = 0, 1, 2, 3


@function
def visit(words: Ptr[i64], unused: Ptr[u8]) -> None:
    """Adds one number at each visit, with locals that must survive in between."""
    numbers = cast(Ptr[Ptr[u8]], words)
    for index in range(words[ROUNDS]):
        words[SUM] += index * index
        switch_stack(element(numbers, VISITOR), numbers[STARTER])
    words[SUM] = -words[SUM]
    switch_stack(element(numbers, VISITOR), numbers[STARTER])


@function(export="test_visits")
def visits(words: Ptr[i64], stack_end: Ptr[u8]) -> i64:
    """Starts `visit` on another stack and goes back to it until it has ended; how often that was."""
    numbers = cast(Ptr[Ptr[u8]], words)
    code = address_of_function(visit)
    start_on_stack(element(numbers, STARTER), stack_end, code, cast(Ptr[u8], words), null(Ptr[u8]))
    count = 1
    while words[SUM] >= 0:
        switch_stack(element(numbers, STARTER), numbers[VISITOR])
        count += 1
    return count


@function
def where_am_i(first: i64, second: i64, third: i64, fourth: i64) -> Value:
    local = first + second * 10 + third * 100 + fourth * 1000
    return Value(local, first)


@function(export="test_call")
def call_elsewhere(stack_end: Ptr[u8]) -> i64:
    """The sum of both words of the result of a call on another stack."""
    result = call_on_stack(offset(stack_end, -8), address_of_function(where_am_i), 1, 2, 3, 4)
    return result.tag + result.payload


@pytest.fixture(scope="module")
def library() -> ObjectLibrary:
    import sys

    return load_functions(functions_of(sys.modules[__name__]))


@pytest.fixture
def stack_end() -> int:
    memory = mmap.mmap(-1, STACK_BYTES)
    _KEPT.append(memory)
    return ctypes.addressof(ctypes.c_byte.from_buffer(memory)) + STACK_BYTES


_KEPT: list[mmap.mmap] = []


def test_two_stacks_take_turns_and_keep_their_locals(library: ObjectLibrary, stack_end: int) -> None:
    words = (ctypes.c_int64 * 4)(0, 0, 0, 5)
    visits_of = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p, ctypes.c_void_p)(library.address("test_visits"))
    assert visits_of(ctypes.addressof(words), stack_end) == 6
    assert words[SUM] == -(0 + 1 + 4 + 9 + 16)


def test_a_call_on_another_stack_gets_its_arguments_and_gives_its_result(
    library: ObjectLibrary, stack_end: int
) -> None:
    call = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p)(library.address("test_call"))
    assert call(stack_end) == 4321 + 1
