"""Text of floats, and floats read from text.

A float is shown by its shortest digits, without exponent, and without a fraction when it
is integral.
"""

from __future__ import annotations

from rufflang.lowpy import (
    Ptr,
    absolute,
    bits_of,
    copy_memory,
    external,
    f64,
    fill_memory,
    function,
    i64,
    literal,
    null,
    offset,
    u8,
    u64,
)
from rufflang.runtime.heap import new_buffer
from rufflang.runtime.numbers import (
    MINUS,
    PLUS,
    ZERO,
    digit_count,
    int_text_size,
    write_digits,
    write_int_text,
)
from rufflang.runtime.numbers_shortest import Decimal, decimal_digits
from rufflang.runtime.objects import StringObject
from rufflang.runtime.strings import allocate_string, seal_ascii
from rufflang.runtime.strings_spaces import trimmed_end, trimmed_start
from rufflang.runtime.values import UNBOUND, Value, float_value
from rufflang.runtime.vm import VM

INFINITY = float("inf")
NOT_A_NUMBER = float("nan")
_POINT = 46
_SMALL_E = 101
_EXACT_INTEGERS = 1 << 53  # integers up to here are doubles
_EXACT_POWER = 22  # powers of ten up to here are doubles
_EXPONENT_LIMIT = 1 << 40  # larger exponents mean the same


@external("strtod")
def _read_float(text: Ptr[u8], end: Ptr[u8]) -> f64: ...


# ------------------------------------------------------------------------------- writing


@function(inline=True)
def _is_finite(number: f64) -> bool:
    return absolute(number) < INFINITY


@function
def float_decimal(number: f64) -> Decimal:
    """`decimal_digits`, or anything for infinities and NaN."""
    return decimal_digits(number) if _is_finite(number) else Decimal(0, 0)


@function
def float_text_size(number: f64, decimal: Decimal) -> i64:
    """Bytes of a float's text, given its `float_decimal`."""
    if number != number:
        return 3
    sign = i64(bits_of(number) < 0)
    if not _is_finite(number):
        return sign + 3
    digits = digit_count(decimal.digits)
    if decimal.exponent >= 0:
        return sign + digits + decimal.exponent
    if digits + decimal.exponent > 0:
        return sign + digits + 1
    return sign + 2 - decimal.exponent


@function
def _write_decimal(target: Ptr[u8], decimal: Decimal) -> None:
    digits = decimal.digits
    count = digit_count(digits)
    exponent = decimal.exponent
    if exponent >= 0:
        write_digits(target, digits, count)
        fill_memory(offset(target, count), ZERO, exponent)
        return
    point = count + exponent
    if point > 0:
        write_digits(offset(target, 1), digits, count)
        _move_front(target, point)
        target[point] = _POINT
        return
    target[0] = ZERO
    target[1] = _POINT
    fill_memory(offset(target, 2), ZERO, 0 - point)
    write_digits(offset(target, 2 - point), digits, count)


@function
def _move_front(target: Ptr[u8], count: i64) -> None:
    """Moves the `count` bytes behind the first one to the front."""
    for i in range(count):
        target[i] = target[i + 1]


@function
def write_float_text(target: Ptr[u8], number: f64, decimal: Decimal) -> None:
    """Writes a float's text of `float_text_size` bytes."""
    if number != number:
        copy_memory(target, literal("NaN"), 3)
        return
    start = target
    if bits_of(number) < 0:
        target[0] = MINUS
        start = offset(target, 1)
    if _is_finite(number):
        _write_decimal(start, decimal)
    else:
        copy_memory(start, literal("inf"), 3)


@function
def float_text(vm: VM, number: f64) -> StringObject:
    """The display text of a float."""
    decimal = float_decimal(number)
    size = float_text_size(number, decimal)
    if size == 1:
        return vm.ascii_strings[i64(decimal.digits) + ZERO]
    text = allocate_string(vm, size)
    write_float_text(text.data, number, decimal)
    return seal_ascii(text)


# ------------------------------------------------------------------------------- reading


@function
def _power_of_ten(exponent: i64) -> f64:
    result = 1.0
    for _i in range(exponent):
        result = result * 10.0
    return result


@function
def _word_matches(data: Ptr[u8], size: i64, word: Ptr[u8], word_size: i64) -> bool:
    """Whether the bytes are this lower-case word, in any casing."""
    if size != word_size:
        return False
    for i in range(size):
        if (data[i] | 0x20) != word[i]:
            return False
    return True


@function
def _read_name(data: Ptr[u8], size: i64) -> Value:
    if _word_matches(data, size, literal("inf"), 3) or _word_matches(data, size, literal("infinity"), 8):
        return float_value(INFINITY)
    if _word_matches(data, size, literal("nan"), 3):
        return float_value(NOT_A_NUMBER)
    return Value(UNBOUND, 0)


@function
def _digits_end(data: Ptr[u8], size: i64, start: i64) -> i64:
    position = start
    while position < size and u64(i64(data[position]) - ZERO) <= 9:
        position += 1
    return position


@function
def _read_exponent(data: Ptr[u8], start: i64, end: i64) -> i64:
    """The number at start … end - 1: an optional sign and digits; very large ones are cut."""
    position = start
    if data[start] == MINUS or data[start] == PLUS:
        position += 1
    total = 0
    while position < end:
        if total < _EXPONENT_LIMIT:
            total = total * 10 + i64(data[position]) - ZERO
        position += 1
    return 0 - total if data[start] == MINUS else total


@function
def _read_exactly(vm: VM, digits: Ptr[u8], count: i64, exponent: i64) -> f64:
    """Digits times a power of ten, through C, without a decimal point: its look depends on the locale."""
    exponent_size = int_text_size(exponent)
    buffer = new_buffer(vm, count + exponent_size + 2)
    copy_memory(buffer.bytes, digits, count)
    buffer.bytes[count] = _SMALL_E
    write_int_text(offset(buffer.bytes, count + 1), exponent, exponent_size)
    buffer.bytes[count + 1 + exponent_size] = 0
    return _read_float(buffer.bytes, null(Ptr[u8]))


@function
def _read_decimal(
    vm: VM, data: Ptr[u8], whole: i64, fraction_start: i64, fraction_end: i64, exponent: i64
) -> f64:
    """The float of `whole` digits at data, those of the fraction, and a power of ten."""
    fraction = fraction_end - fraction_start
    power = exponent - fraction
    if whole + fraction <= 18:
        number = 0
        for i in range(whole):
            number = number * 10 + i64(data[i]) - ZERO
        for i in range(fraction_start, fraction_end):
            number = number * 10 + i64(data[i]) - ZERO
        if number <= _EXACT_INTEGERS and power >= -_EXACT_POWER and power <= _EXACT_POWER:
            if power < 0:
                return f64(number) / _power_of_ten(0 - power)
            return f64(number) * _power_of_ten(power)
    joined = new_buffer(vm, whole + fraction)
    copy_memory(joined.bytes, data, whole)
    copy_memory(offset(joined.bytes, whole), offset(data, fraction_start), fraction)
    return _read_exactly(vm, joined.bytes, whole + fraction, power)


@function
def _parse_unsigned(vm: VM, data: Ptr[u8], size: i64) -> Value:
    whole = _digits_end(data, size, 0)
    fraction_start = whole
    fraction_end = whole
    if whole < size and data[whole] == _POINT:
        fraction_start = whole + 1
        fraction_end = _digits_end(data, size, fraction_start)
    if whole + fraction_end - fraction_start == 0:
        return _read_name(data, size)
    exponent = 0
    if fraction_end < size:
        start = fraction_end + 1
        if (data[fraction_end] | 0x20) != _SMALL_E or start == size:
            return Value(UNBOUND, 0)
        first = start + i64(data[start] == MINUS or data[start] == PLUS)
        if first == size or _digits_end(data, size, first) != size:
            return Value(UNBOUND, 0)
        exponent = _read_exponent(data, start, size)
    return float_value(_read_decimal(vm, data, whole, fraction_start, fraction_end, exponent))


@function
def parse_float_bytes(vm: VM, data: Ptr[u8], size: i64) -> Value:
    """The float that a decimal number, `inf`, `infinity` or `nan` denotes; UNBOUND for anything else."""
    if size == 0:
        return Value(UNBOUND, 0)
    signed = data[0] == MINUS or data[0] == PLUS
    result = _parse_unsigned(vm, offset(data, i64(signed)), size - i64(signed))
    if result.tag != UNBOUND and data[0] == MINUS:
        return Value(result.tag, result.payload ^ (1 << 63))
    return result


@function
def parse_float_text(vm: VM, text: StringObject) -> Value:
    """The float that a text denotes, white space around it ignored; UNBOUND when it is none."""
    start = trimmed_start(text, 0)
    return parse_float_bytes(vm, offset(text.data, start), trimmed_end(text, start) - start)
