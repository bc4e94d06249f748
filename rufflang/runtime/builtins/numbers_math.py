"""Mathematics and bit operations.  Everything but the bit operations answers floats."""

from __future__ import annotations

from rufflang.lowpy import (
    Ptr,
    absolute,
    ceiling,
    external,
    f64,
    floor,
    function,
    i64,
    literal,
    square_root,
    truncate,
    u8,
    u64,
)
from rufflang.runtime.builtins.registry import builtin
from rufflang.runtime.debug_text import append_debug_text
from rufflang.runtime.errors import append_literal, raise_built, raise_literal, raise_named
from rufflang.runtime.numbers_arguments import as_number, is_number
from rufflang.runtime.text_builder import builder_new
from rufflang.runtime.values import ERROR, INT, Value, as_float, float_value, int_value
from rufflang.runtime.vm import VM


@external("sin")
def _sine(x: f64) -> f64: ...


@external("cos")
def _cosine(x: f64) -> f64: ...


@external("tan")
def _tangent(x: f64) -> f64: ...


@external("exp")
def _exponential(x: f64) -> f64: ...


@external("log")
def _logarithm(x: f64) -> f64: ...


@external("pow")
def _power(base: f64, exponent: f64) -> f64: ...


@function(cold=True)
def _wrong_argument(vm: VM, name: Ptr[u8], demand: Ptr[u8], value: Value) -> Value:
    message = builder_new(vm)
    append_literal(vm, message, name)
    append_literal(vm, message, demand)
    append_literal(vm, message, literal(" , got "))
    append_debug_text(vm, message, value)
    return raise_built(vm, message)


@function
def _one_float(vm: VM, arguments: Ptr[Value], count: i64, name: Ptr[u8]) -> Value:
    """The only argument as a FLOAT, or an ERROR."""
    if count != 1:
        return raise_named(vm, name, literal("() expects 1 argument"))
    if not is_number(arguments[0]):
        return _wrong_argument(vm, name, literal("() expects numeric argument 'value'"), arguments[0])
    return float_value(as_number(arguments[0]))


@function
def _check_two_numbers(vm: VM, arguments: Ptr[Value], count: i64, name: Ptr[u8]) -> Value:
    """NULL when there are exactly two arguments, both numbers; otherwise an ERROR."""
    if count != 2:
        return raise_named(vm, name, literal("() expects 2 arguments"))
    if not is_number(arguments[0]) or not is_number(arguments[1]):
        return raise_named(vm, name, literal("() expects numeric arguments"))
    return Value(INT, 0)


@builtin("abs")
@function
def builtin_abs(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """abs(x: number) -> float

    The absolute value.
    """
    x = _one_float(vm, arguments, count, literal("abs"))
    if x.tag == ERROR:
        return x
    return float_value(absolute(as_float(x)))


@builtin("floor")
@function
def builtin_floor(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """floor(x: number) -> float

    The greatest whole number not above the value.
    """
    x = _one_float(vm, arguments, count, literal("floor"))
    if x.tag == ERROR:
        return x
    return float_value(floor(as_float(x)))


@builtin("ceil")
@function
def builtin_ceil(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """ceil(x: number) -> float

    The least whole number not below the value.
    """
    x = _one_float(vm, arguments, count, literal("ceil"))
    if x.tag == ERROR:
        return x
    return float_value(ceiling(as_float(x)))


@function
def round_half_away(x: f64) -> f64:
    """The nearest whole number; halves go away from zero."""
    whole = truncate(x)
    if absolute(x - whole) < 0.5 or x != x or whole == x:
        return whole
    return whole - 1.0 if x < 0.0 else whole + 1.0


@builtin("round")
@function
def builtin_round(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """round(x: number) -> float

    The nearest whole number; halves go away from zero.
    """
    x = _one_float(vm, arguments, count, literal("round"))
    if x.tag == ERROR:
        return x
    return float_value(round_half_away(as_float(x)))


@builtin("sin")
@function
def builtin_sin(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """sin(x: number) -> float

    The sine of an angle in radians.
    """
    x = _one_float(vm, arguments, count, literal("sin"))
    if x.tag == ERROR:
        return x
    return float_value(_sine(as_float(x)))


@builtin("cos")
@function
def builtin_cos(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """cos(x: number) -> float

    The cosine of an angle in radians.
    """
    x = _one_float(vm, arguments, count, literal("cos"))
    if x.tag == ERROR:
        return x
    return float_value(_cosine(as_float(x)))


@builtin("tan")
@function
def builtin_tan(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """tan(x: number) -> float

    The tangent of an angle in radians.
    """
    x = _one_float(vm, arguments, count, literal("tan"))
    if x.tag == ERROR:
        return x
    return float_value(_tangent(as_float(x)))


@builtin("exp")
@function
def builtin_exp(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """exp(x: number) -> float

    E to the power of the value.
    """
    x = _one_float(vm, arguments, count, literal("exp"))
    if x.tag == ERROR:
        return x
    return float_value(_exponential(as_float(x)))


@builtin("sqrt")
@function
def builtin_sqrt(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """sqrt(x: number) -> float

    The square root of a value that is not negative.
    """
    x = _one_float(vm, arguments, count, literal("sqrt"))
    if x.tag == ERROR:
        return x
    if as_float(x) < 0.0:
        return raise_literal(vm, literal("sqrt() domain error: value must be >= 0"))
    return float_value(square_root(as_float(x)))


@builtin("log")
@function
def builtin_log(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """log(x: number) -> float

    The natural logarithm of a positive value.
    """
    x = _one_float(vm, arguments, count, literal("log"))
    if x.tag == ERROR:
        return x
    if as_float(x) <= 0.0:
        return raise_literal(vm, literal("log() domain error: value must be > 0"))
    return float_value(_logarithm(as_float(x)))


@builtin("pow")
@function
def builtin_pow(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """pow(base: number, exponent: number) -> float

    Base to the power of exponent.
    """
    checked = _check_two_numbers(vm, arguments, count, literal("pow"))
    if checked.tag == ERROR:
        return checked
    return float_value(_power(as_number(arguments[0]), as_number(arguments[1])))


@builtin("min")
@function
def builtin_min(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """min(a: number, b: number) -> float

    The smaller of two numbers; one that is NaN does not count.
    """
    checked = _check_two_numbers(vm, arguments, count, literal("min"))
    if checked.tag == ERROR:
        return checked
    left = as_number(arguments[0])
    right = as_number(arguments[1])
    return float_value(right if right < left or left != left else left)


@builtin("max")
@function
def builtin_max(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """max(a: number, b: number) -> float

    The greater of two numbers; one that is NaN does not count.
    """
    checked = _check_two_numbers(vm, arguments, count, literal("max"))
    if checked.tag == ERROR:
        return checked
    left = as_number(arguments[0])
    right = as_number(arguments[1])
    return float_value(right if right > left or left != left else left)


# ------------------------------------------------------------------------ bit operations


@function
def _check_bits(vm: VM, arguments: Ptr[Value], name: Ptr[u8]) -> Value:
    """An INT when both arguments are ints; otherwise an ERROR."""
    if arguments[0].tag != INT:
        return _wrong_argument(vm, name, literal("() expects integer argument 'left'"), arguments[0])
    if arguments[1].tag != INT:
        return _wrong_argument(vm, name, literal("() expects integer argument 'right'"), arguments[1])
    return arguments[0]


@function
def _check_shift(vm: VM, arguments: Ptr[Value], name: Ptr[u8]) -> Value:
    """An INT when the arguments are an int and a shift amount; otherwise an ERROR."""
    if arguments[0].tag != INT:
        return _wrong_argument(vm, name, literal("() expects integer argument 'value'"), arguments[0])
    if arguments[1].tag != INT:
        return _wrong_argument(vm, name, literal("() expects integer argument 'shift'"), arguments[1])
    if u64(arguments[1].payload) > 63:
        return raise_named(vm, name, literal("() expects a shift amount between 0 and 63"))
    return arguments[0]


@builtin("bit_and", 2, 2, arity="central")
@function
def builtin_bit_and(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """bit_and(left: int, right: int) -> int

    The bits that both have.
    """
    checked = _check_bits(vm, arguments, literal("bit_and"))
    if checked.tag == ERROR:
        return checked
    return int_value(checked.payload & arguments[1].payload)


@builtin("bit_or", 2, 2, arity="central")
@function
def builtin_bit_or(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """bit_or(left: int, right: int) -> int

    The bits that at least one has.
    """
    checked = _check_bits(vm, arguments, literal("bit_or"))
    if checked.tag == ERROR:
        return checked
    return int_value(checked.payload | arguments[1].payload)


@builtin("bit_xor", 2, 2, arity="central")
@function
def builtin_bit_xor(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """bit_xor(left: int, right: int) -> int

    The bits that exactly one has.
    """
    checked = _check_bits(vm, arguments, literal("bit_xor"))
    if checked.tag == ERROR:
        return checked
    return int_value(checked.payload ^ arguments[1].payload)


@builtin("bit_not", 1, 1, arity="central")
@function
def builtin_bit_not(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """bit_not(value: int) -> int

    All 64 bits inverted.
    """
    if arguments[0].tag != INT:
        demand = literal("() expects integer argument 'value'")
        return _wrong_argument(vm, literal("bit_not"), demand, arguments[0])
    return int_value(~arguments[0].payload)


@builtin("bit_shl", 2, 2, arity="central")
@function
def builtin_bit_shl(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """bit_shl(value: int, shift: int) -> int

    The bits moved left inside 64 bits.
    """
    checked = _check_shift(vm, arguments, literal("bit_shl"))
    if checked.tag == ERROR:
        return checked
    return int_value(checked.payload << arguments[1].payload)


@builtin("bit_shr", 2, 2, arity="central")
@function
def builtin_bit_shr(vm: VM, arguments: Ptr[Value], count: i64) -> Value:
    """bit_shr(value: int, shift: int) -> int

    The bits moved right; the sign stays.
    """
    checked = _check_shift(vm, arguments, literal("bit_shr"))
    if checked.tag == ERROR:
        return checked
    return int_value(checked.payload >> arguments[1].payload)
