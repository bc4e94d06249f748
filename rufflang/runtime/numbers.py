"""Text of ints, digit writing, and ints read from text."""

from __future__ import annotations

from rufflang.lowpy import (
    Ptr,
    add_overflow,
    element,
    function,
    i64,
    literal,
    mul_overflow,
    offset,
    u8,
    u64,
)
from rufflang.runtime.objects import StringObject
from rufflang.runtime.strings import allocate_string, seal_ascii
from rufflang.runtime.strings_spaces import trimmed_end, trimmed_start
from rufflang.runtime.values import INT, UNBOUND, Value
from rufflang.runtime.vm import VM

MINUS = 45
PLUS = 43
ZERO = 48
NINE = 57

_PAIRS = "".join(f"{number:02}" for number in range(100))


@function
def digit_count(number: u64) -> i64:
    """Decimal digits of a number; 1 for zero."""
    count = 1
    rest = number
    while rest >= 10000:
        rest = rest // 10000
        count += 4
    if rest >= 1000:
        return count + 3
    if rest >= 100:
        return count + 2
    return count + 1 if rest >= 10 else count


@function
def write_digits(target: Ptr[u8], number: u64, count: i64) -> None:
    """Writes the last `count` decimal digits of a number, with leading zeros."""
    rest = number
    position = count
    pairs = literal(_PAIRS)
    while position >= 2:
        pair = i64(rest % 100) * 2
        rest = rest // 100
        position -= 2
        target[position] = pairs[pair]
        target[position + 1] = pairs[pair + 1]
    if position == 1:
        target[0] = u8(rest % 10) + ZERO


@function(inline=True)
def magnitude(number: i64) -> u64:
    """|number|, also of the least int."""
    return u64(0 - number) if number < 0 else u64(number)


@function
def int_text_size(number: i64) -> i64:
    """Bytes of an int's text."""
    return digit_count(magnitude(number)) + i64(number < 0)


@function
def write_int_text(target: Ptr[u8], number: i64, size: i64) -> None:
    """Writes an int's text of `int_text_size` bytes."""
    if number < 0:
        target[0] = MINUS
        write_digits(element(target, 1), magnitude(number), size - 1)
    else:
        write_digits(target, u64(number), size)


@function
def int_text(vm: VM, number: i64) -> StringObject:
    """The decimal text of an int."""
    if number >= 0 and number < 10:
        return vm.ascii_strings[number + ZERO]
    size = int_text_size(number)
    text = allocate_string(vm, size)
    write_int_text(text.data, number, size)
    return seal_ascii(text)


@function
def parse_int_bytes(data: Ptr[u8], size: i64) -> Value:
    """The i64 that an optional sign and decimal digits denote; UNBOUND for anything else."""
    position = 0
    negative = False
    if size > 0 and (data[0] == MINUS or data[0] == PLUS):
        negative = data[0] == MINUS
        position = 1
    if position == size:
        return Value(UNBOUND, 0)
    total = 0
    while position < size:
        digit = i64(data[position]) - ZERO
        if u64(digit) > 9:
            return Value(UNBOUND, 0)
        scaled, first_overflow = mul_overflow(total, 10)
        total, second_overflow = add_overflow(scaled, 0 - digit if negative else digit)
        if first_overflow or second_overflow:
            return Value(UNBOUND, 0)
        position += 1
    return Value(INT, total)


@function
def parse_int_text(text: StringObject) -> Value:
    """The i64 that a text denotes, white space around it ignored; UNBOUND when it is none."""
    start = trimmed_start(text, 0)
    end = trimmed_end(text, start)
    return parse_int_bytes(offset(text.data, start), end - start)
