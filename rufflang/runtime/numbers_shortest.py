"""The shortest decimal digits that read back to a double: Raffaello Giulietti's Schubfach.

The double, its two neighbours' midpoints and a 126-bit power of ten are enough to find,
with a few 64-bit products, the shortest decimal inside the interval that rounds to the
double, and among those the nearest.  The notation follows the paper "The Schubfach way
to render doubles".
"""

from __future__ import annotations

from rufflang.lowpy import Ptr, Record, bits_of, f64, function, i64, literal, multiply_high, offset, u8, u64

_LEAST_POWER = -292
_GREATEST_POWER = 324
_BYTES_A_POWER = 20  # two words of ten seven-bit groups: a literal holds ASCII

_FRACTION_BITS = 52
_HIDDEN_BIT = 1 << _FRACTION_BITS
_EXPONENT_BIAS = 1023 + _FRACTION_BITS


def _power_of_ten(power: int) -> int:
    """10**power, normalised to 128 bits and rounded up."""
    if power >= 0:
        exact = int(10**power)
        shift = 128 - exact.bit_length()
        return exact << shift if shift >= 0 else -(-exact >> -shift)
    divisor = int(10**-power)
    bits = 127 + divisor.bit_length()
    quotient = -(-(1 << bits) // divisor)
    return quotient if quotient.bit_length() == 128 else -(-quotient >> 1)


def _seven_bit_groups(number: int) -> str:
    return "".join(chr(number >> shift & 0x7F) for shift in range(63, -1, -7))


def _powers() -> str:
    """The table of all powers, which takes milliseconds to make."""
    powers = map(_power_of_ten, range(_LEAST_POWER, _GREATEST_POWER + 1))
    return "".join(_seven_bit_groups(g >> 64) + _seven_bit_groups(g & (1 << 64) - 1) for g in powers)


class Decimal(Record):
    """`digits` times ten to the power `exponent`; never negative."""

    digits: u64
    exponent: i64


@function
def _power_word(data: Ptr[u8]) -> u64:
    result: u64 = 0
    for i in range(10):
        result = (result << 7) | u64(data[i])
    return result


@function
def _round_to_odd(high: u64, low: u64, factor: u64) -> u64:
    """The top 64 bits of the 192-bit product; the last bit tells if anything was cut off."""
    carry = multiply_high(low, factor)
    middle = high * factor + carry
    top = multiply_high(high, factor) + u64(middle < carry)
    return top | u64(middle > 1)


@function
def _without_trailing_zeros(digits: u64, exponent: i64) -> Decimal:
    rest = digits
    power = exponent
    while rest != 0 and rest % 10 == 0:
        rest = rest // 10
        power += 1
    return Decimal(rest, power)


@function
def _nearest(s: u64, vb: u64, lower: u64, upper: u64, k: i64) -> Decimal:
    """Picks s or s + 1, the candidates with exponent k, or a shorter one with exponent k + 1."""
    if s >= 10:
        sp = s // 10
        up_inside = lower <= 40 * sp
        wp_inside = 40 * sp + 40 <= upper
        if up_inside != wp_inside:
            return _without_trailing_zeros(sp + u64(wp_inside), k + 1)
    u_inside = lower <= 4 * s
    w_inside = 4 * s + 4 <= upper
    if u_inside != w_inside:
        return _without_trailing_zeros(s + u64(w_inside), k)
    mid = 4 * s + 2
    round_up = vb > mid or (vb == mid and (s & 1) != 0)
    return _without_trailing_zeros(s + u64(round_up), k)


@function
def _schubfach(c: u64, q: i64, lower_is_closer: bool) -> Decimal:
    """Shortest decimal of c * 2**q."""
    k = (q * 1262611 - (524031 if lower_is_closer else 0)) >> 22
    h = u64(q + ((0 - k) * 1741647 >> 19) + 1)
    entry = offset(literal(_powers), (0 - k - _LEAST_POWER) * _BYTES_A_POWER)
    high = _power_word(entry)
    low = _power_word(offset(entry, 10))
    cb = 4 * c
    odd = c & 1
    vbl = _round_to_odd(high, low, (cb - 2 + u64(lower_is_closer)) << h)
    vb = _round_to_odd(high, low, cb << h)
    vbr = _round_to_odd(high, low, (cb + 2) << h)
    return _nearest(vb >> 2, vb, vbl + odd, vbr - odd, k)


@function
def decimal_digits(number: f64) -> Decimal:
    """The shortest decimal that reads back to |number|, which is finite."""
    bits = u64(bits_of(number))
    fraction = bits & (_HIDDEN_BIT - 1)
    exponent = i64(bits >> _FRACTION_BITS) & 0x7FF
    if exponent == 0:
        if fraction == 0:
            return Decimal(0, 0)
        return _schubfach(fraction, 1 - _EXPONENT_BIAS, False)
    c = fraction | _HIDDEN_BIT
    q = exponent - _EXPONENT_BIAS
    if q <= 0 and q > -53:
        shift = u64(0 - q)
        if (c >> shift) << shift == c:
            return Decimal(c >> shift, 0)
    return _schubfach(c, q, fraction == 0 and exponent > 1)
