"""Text of ints, digit writing, and ints read from text."""

from __future__ import annotations

from rufflang.lowpy import (
    Ptr,
    Record,
    add_overflow,
    cast,
    count_trailing_zeros,
    element,
    function,
    i64,
    literal,
    mul_overflow,
    offset,
    u8,
    u64,
)
from rufflang.runtime.numerals import EIGHT_DIGITS, hashed_number, numeral_hash
from rufflang.runtime.objects import StringObject
from rufflang.runtime.strings import allocate_string, allocate_word, seal_ascii, text_words
from rufflang.runtime.strings_spaces import trimmed_end, trimmed_start
from rufflang.runtime.values import INT, UNBOUND, Value
from rufflang.runtime.vm import VM

MINUS = 45
PLUS = 43
ZERO = 48
NINE = 57

_ZEROS = 0x3030303030303030
_PAIRS = "".join(f"{number:02}" for number in range(100))


class Digits(Record):
    """The text of a number of at most eight digits: the first one is the lowest byte of the word."""

    word: u64
    count: i64


@function(inline=True)
def _eight_digits(number: u64) -> u64:
    """All eight digits of a number, as bytes from 0 to 9.

    Quarters, pairs and digits are divided side by side in one word.  Digits written one by one would
    have to reach the memory before anybody could read them as words.
    """
    upper = number // 10000
    quarters = upper | (number - upper * 10000) << 32
    hundreds = (quarters * 10486 >> 20) & 0x0000007F0000007F
    pairs = hundreds | (quarters - hundreds * 100) << 16
    tens = (pairs * 103 >> 10) & 0x000F000F000F000F
    return tens | (pairs - tens * 10) << 8


@function(inline=True)
def few_digits(number: u64) -> Digits:
    """The text of a number below EIGHT_DIGITS."""
    digits = _eight_digits(number)
    unused = count_trailing_zeros(digits | u64(1) << 56) & 0x38
    return Digits((digits | u64(_ZEROS)) >> unused, 8 - i64(unused >> 3))


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
    while position >= 8:
        upper = rest // u64(EIGHT_DIGITS)
        position -= 8
        cast(Ptr[u64], offset(target, position))[0] = _eight_digits(rest - upper * u64(EIGHT_DIGITS)) | u64(_ZEROS)
        rest = upper
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
    if u64(number) < 10:
        return vm.ascii_strings[number + ZERO]
    if u64(number) < u64(EIGHT_DIGITS):
        digits = few_digits(u64(number))
        short = allocate_word(vm)
        text_words(short)[0] = digits.word
        short.byte_count = digits.count
        short.aux = numeral_hash(u64(number))
        return seal_ascii(short)
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
    known = hashed_number(text.aux)
    if known >= 0:
        return Value(INT, known)
    start = trimmed_start(text, 0)
    end = trimmed_end(text, start)
    return parse_int_bytes(offset(text.data, start), end - start)
