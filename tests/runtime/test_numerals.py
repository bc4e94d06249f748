"""Hashes of texts tell short numbers, and which they are, from everything else."""

from __future__ import annotations

import ctypes
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rufflang.lowpy import Ptr, function, i64, u8
from rufflang.runtime.numbers import int_text
from rufflang.runtime.numerals import EIGHT_DIGITS, hashed_number
from rufflang.runtime.strings import new_string, string_hash
from rufflang.runtime.vm import VM
from tests.runtime.vm_fixture import NativeModule

TEXTS = st.text("0123456789-+./:;a \u0661\x00", min_size=0, max_size=20)


@function
def number_of(vm: VM, data: Ptr[u8], size: i64) -> i64:
    return hashed_number(string_hash(new_string(vm, data, size)))


@function
def number_of_made(vm: VM, number: i64) -> i64:
    return hashed_number(int_text(vm, number).aux)


@cache
def native() -> NativeModule:
    return NativeModule([number_of, number_of_made])


def hashed(text: str) -> int | None:
    """The number that the hash of a text says that it is."""
    data = text.encode()
    vm = native().vm()
    number = int(vm.call(number_of, ctypes.addressof(ctypes.create_string_buffer(data)), len(data)))
    vm.close()
    return number if number >= 0 else None


def numeral(text: str) -> int | None:
    """The number that a text is the short canonical decimal of."""
    is_short = text.isascii() and text.isdigit() and len(text) <= 8
    return int(text) if is_short and str(int(text)) == text else None


@given(TEXTS)
@settings(deadline=None)
def test_the_hash_of_a_text_says_which_short_number_it_is_if_any(text: str) -> None:
    assert hashed(text) == numeral(text)


@given(st.integers(0, EIGHT_DIGITS - 1))
@settings(deadline=None)
def test_the_hash_of_each_short_number_says_which_it_is(number: int) -> None:
    assert hashed(str(number)) == number


@pytest.mark.parametrize("number", [0, 9, 10, 4711, EIGHT_DIGITS - 1])
def test_the_text_made_of_a_short_number_knows_it(number: int) -> None:
    vm = native().vm()
    assert vm.call(number_of_made, number) == number
    vm.close()


@pytest.mark.parametrize("number", [-1, EIGHT_DIGITS, -EIGHT_DIGITS, 1 << 40])
def test_the_text_made_of_any_other_int_does_not(number: int) -> None:
    vm = native().vm()
    assert vm.call(number_of_made, number) == -1
    vm.close()
