"""Each operator and conversion of lowpy, run as machine code and as LLVM text."""

from __future__ import annotations

import ctypes
import math
from pathlib import Path

import pytest

from tests.lowpy.low_source import Source, lines

INTEGER_TYPES = {
    name: (bits, name[0] == "i") for bits in (8, 16, 32, 64) for name in (f"i{bits}", f"u{bits}")
}  # fmt: skip


def wrapped(kind: str, value: int) -> int:
    """`value` as that integer type holds it."""
    bits, signed = INTEGER_TYPES[kind]
    value &= (1 << bits) - 1
    return value - (1 << bits) if signed and value >> (bits - 1) else value


def corner_values(kind: str) -> list[int]:
    bits, _ = INTEGER_TYPES[kind]
    return sorted({wrapped(kind, n) for n in (0, 1, 2, 7, -1, -3, 100, 1 << (bits - 1), (1 << (bits - 1)) - 1)})


@pytest.mark.parametrize("kind", INTEGER_TYPES)
def test_integer_arithmetic_wraps(tmp_path: Path, kind: str) -> None:
    operators = {"add": "+", "sub": "-", "mul": "*", "both": "&", "either": "|", "one": "^"}
    text = "".join(
        f"\n@function\ndef {name}(a: {kind}, b: {kind}) -> {kind}:\n    return a {sign} b\n"
        for name, sign in operators.items()
    )
    text += f"\n@function\ndef minus(a: {kind}) -> {kind}:\n    return -a\n"
    text += f"\n@function\ndef inverted(a: {kind}) -> {kind}:\n    return ~a\n"
    source = Source(tmp_path, text)
    for a in corner_values(kind):
        assert source.run("minus", a) == wrapped(kind, -a)
        assert source.run("inverted", a) == wrapped(kind, ~a)
        for b in corner_values(kind):
            for name, sign in operators.items():
                assert source.run(name, a, b) == wrapped(kind, eval(f"{a} {sign} {b}")), (name, a, b)


@pytest.mark.parametrize("kind", INTEGER_TYPES)
def test_comparisons_follow_the_sign_of_the_type(tmp_path: Path, kind: str) -> None:
    operators = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
    source = Source(tmp_path, "".join(
        f"\n@function\ndef {name}(a: {kind}, b: {kind}) -> bool:\n    return a {sign} b\n"
        for name, sign in operators.items()
    ))  # fmt: skip
    for a in corner_values(kind):
        for b in corner_values(kind):
            for name, sign in operators.items():
                assert source.run(name, a, b) == eval(f"{a} {sign} {b}"), (name, a, b)


@pytest.mark.parametrize("kind", INTEGER_TYPES)
def test_shifts_follow_the_sign_of_the_type(tmp_path: Path, kind: str) -> None:
    source = Source(
        tmp_path,
        f"""
        @function
        def left(a: {kind}, n: {kind}) -> {kind}:
            return a << n

        @function
        def right(a: {kind}, n: {kind}) -> {kind}:
            return a >> n
    """,
    )
    for a in corner_values(kind):
        for count in (0, 1, 5, 7):
            assert source.run("left", a, count) == wrapped(kind, a << count)
            assert source.run("right", a, count) == a >> count


@pytest.mark.parametrize("kind", [name for name in INTEGER_TYPES if name[0] == "u"])
def test_unsigned_division_is_that_of_python(tmp_path: Path, kind: str) -> None:
    source = Source(
        tmp_path,
        f"""
        @function
        def quotient(a: {kind}, b: {kind}) -> {kind}:
            return a // b

        @function
        def remainder(a: {kind}, b: {kind}) -> {kind}:
            a %= b
            return a
    """,
    )
    for a in corner_values(kind):
        for b in filter(None, corner_values(kind)):
            assert source.run("quotient", a, b) == a // b
            assert source.run("remainder", a, b) == a % b


def test_float_arithmetic_is_ieee(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def f(a: f64, b: f64) -> f64:
            return (a + b) * (a - b) / b

        @function
        def minus(a: f64) -> f64:
            return -a

        @function
        def half(a: f64) -> f64:
            return 0.5 * a + 1
    """,
    )
    assert source.run("f", 3.5, 1.25) == (3.5 + 1.25) * (3.5 - 1.25) / 1.25
    assert source.run("f", 1.0, 0.0) == math.inf
    assert math.copysign(1, source.run("minus", 0.0)) == -1
    assert source.run("half", 3.0) == 2.5


def test_nan_is_unequal_to_everything(tmp_path: Path) -> None:
    operators = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
    source = Source(tmp_path, "".join(
        f"\n@function\ndef {name}(a: f64, b: f64) -> bool:\n    return a {sign} b\n"
        for name, sign in operators.items()
    ))  # fmt: skip
    for a in (math.nan, 1.0, -0.0, 0.0, math.inf):
        for b in (math.nan, 2.0, 0.0, -math.inf):
            for name, sign in operators.items():
                assert source.run(name, a, b) == eval(f"a {sign} b", {"a": a, "b": b}), (name, a, b)


@pytest.mark.parametrize("kind", INTEGER_TYPES)
def test_a_float_becomes_the_nearest_integer_toward_zero_within_the_type(tmp_path: Path, kind: str) -> None:
    source = Source(tmp_path, f"@function\ndef f(x: f64) -> {kind}:\n    return {kind}(x)\n")
    bits, signed = INTEGER_TYPES[kind]
    low = -(1 << (bits - 1)) if signed else 0
    high = low + (1 << bits) - 1
    for x in (0.0, 2.9, -2.9, 1e30, -1e30, 127.9, 255.5):
        assert source.run("f", x) == min(max(int(x), low), high), x
    assert source.run("f", math.inf) == high
    assert source.run("f", -math.inf) == low
    assert source.run("f", math.nan) == 0


def test_conversions_between_integers_wrap_and_keep_the_sign(tmp_path: Path) -> None:
    source = Source(tmp_path, "".join(
        f"\n@function\ndef {a}_{b}(x: {a}) -> {b}:\n    return {b}(x)\n" for a in INTEGER_TYPES for b in INTEGER_TYPES
    ))  # fmt: skip
    for a in INTEGER_TYPES:
        for b in INTEGER_TYPES:
            for x in corner_values(a):
                assert source.run(f"{a}_{b}", x) == wrapped(b, x), (a, b, x)


def test_conversions_of_bools_and_to_floats(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def to_int(c: bool) -> i64:
            return i64(c)

        @function
        def to_byte(c: bool) -> u8:
            return u8(c) + 1

        @function
        def to_float(c: bool) -> f64:
            return f64(c)

        @function
        def of_int(n: i64) -> bool:
            return bool(n)

        @function
        def of_float(x: f64) -> bool:
            return bool(x)

        @function
        def signed(n: i64) -> f64:
            return f64(n)

        @function
        def unsigned(n: u64) -> f64:
            return f64(n)

        @function
        def small(n: i8) -> f64:
            return f64(n)
    """,
    )
    assert (source.run("to_int", True), source.run("to_byte", True), source.run("to_float", True)) == (1, 2, 1.0)
    assert (source.run("of_int", 0), source.run("of_int", 256)) == (False, True)
    assert (source.run("of_float", -0.0), source.run("of_float", math.nan)) == (False, True)
    assert source.run("signed", -3) == -3.0
    assert source.run("unsigned", 2**64 - 1) == float(2**64 - 1)
    assert source.run("small", -3) == -3.0


def test_constants_are_converted_as_values_are(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def truncated() -> i64:
            return i64(2.9) * 100 + i64(-2.9)

        @function
        def byte() -> u8:
            return u8(300)

        @function
        def truth() -> bool:
            return bool(3) and not bool(0.0)

        @function
        def number() -> i64:
            return i64(True) + i64(1e30)
    """,
    )
    assert source.run("truncated") == 198
    assert source.run("byte") == 44
    assert source.run("truth") is True
    assert source.run("number") == -(2**63)


def test_and_or_evaluate_their_right_side_only_when_needed(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def note(log: Ptr[i64], mark: i64, result: bool) -> bool:
            log[0] = log[0] * 10 + mark
            return result

        @function
        def f(log: Ptr[i64], a: bool, b: bool, c: bool) -> bool:
            return note(log, 1, a) and note(log, 2, b) or not note(log, 3, c)
    """,
    )
    for bits in range(8):
        a, b, c = bool(bits & 1), bool(bits & 2), bool(bits & 4)
        log = ctypes.c_int64(0)
        assert source.run("f", ctypes.addressof(log), a, b, c) == ((a and b) or not c)
        assert log.value == (12 if a and b else 123 if a else 13)


def test_the_conditional_expression_evaluates_one_side(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def f(a: i64, b: u64) -> u64:
            return 100 // b if b != 0 else 77

        @function
        def g(a: i64, c: bool) -> i64:
            return 5 if c else a if a > 0 else -a
    """,
    )
    assert (source.run("f", 0, 7), source.run("f", 0, 0)) == (14, 77)
    assert (source.run("g", 1, True), source.run("g", 2, False), source.run("g", -3, False)) == (5, 2, 3)


def test_bools_can_be_compared_and_combined_with_bit_operators(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def f(a: bool, b: bool) -> bool:
            return (a & b) ^ (a | b)

        @function
        def same(a: bool, b: bool) -> bool:
            return a == b
    """,
    )
    for a in (False, True):
        for b in (False, True):
            assert source.run("f", a, b) == (a != b)
            assert source.run("same", a, b) == (a == b)


def test_a_literal_takes_the_type_of_the_other_operand(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def f(n: u8, x: f64) -> bool:
            return 200 < n and 3 * x > 1
    """,
    )
    text = source.llvm()
    assert "icmp ult i8 200, %p.n" in text
    assert "fmul double 0x4008000000000000, %p.x" in text


def test_names_of_numbers_are_constants(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        import math

        LIMIT = 10
        RATE = 0.5
        ON = True

        class Kinds:
            SECOND = 2

        @function
        def f(n: i64) -> i64:
            return n + LIMIT * Kinds.SECOND - (1 << 4) // 3

        @function
        def g() -> f64:
            return math.pi * RATE

        @function
        def h() -> bool:
            return ON
    """,
    )
    assert source.llvm() == lines("""
        entry:
        %v1 = add i64 %p.n, 20
        %v2 = sub i64 %v1, 5
        br label %exit3
        exit3:
        ret i64 %v2
    """)
    assert source.run("g") == math.pi * 0.5
    assert source.run("h") is True


def test_a_parameter_hides_a_constant_of_the_same_name(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        size = 10

        @function
        def f(size: i64) -> i64:
            return size
    """,
    )
    assert source.run("f", 3) == 3


def test_pointers_are_compared_as_addresses(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        class Thing(Struct):
            n: i64

        @function
        def f(a: Thing, b: Thing) -> bool:
            return a == b

        @function
        def g(a: Thing, b: Ptr[i64]) -> bool:
            return a != cast(Thing, b)
    """,
    )
    assert (source.run("f", 8, 8), source.run("f", 8, 16)) == (True, False)
    assert (source.run("g", 8, 8), source.run("g", 8, 16)) == (False, True)


def test_elements_are_as_wide_as_their_type(tmp_path: Path) -> None:
    source = Source(tmp_path, "".join(
        f"""
@function
def {kind}_get(p: Ptr[{kind}], i: i64) -> {kind}:
    return p[i]

@function
def {kind}_set(p: Ptr[{kind}], i: u32, value: {kind}) -> None:
    p[i] = value
""" for kind in [*INTEGER_TYPES, "f64", "bool"]
    ))  # fmt: skip
    for kind in INTEGER_TYPES:
        bits, _ = INTEGER_TYPES[kind]
        data = (ctypes.c_uint8 * 32)()
        source.run(f"{kind}_set", ctypes.addressof(data), 2, -2)
        width = bits // 8
        assert [index for index in range(32) if data[index]] == list(range(2 * width, 3 * width)), kind
        assert source.run(f"{kind}_get", ctypes.addressof(data), 2) == wrapped(kind, -2)
    numbers = (ctypes.c_double * 3)(1.0, 2.0, 3.0)
    source.run("f64_set", ctypes.addressof(numbers), 0, 9.5)
    assert source.run("f64_get", ctypes.addressof(numbers), 0) == 9.5
    flags = (ctypes.c_bool * 3)(False, False, True)
    source.run("bool_set", ctypes.addressof(flags), 1, True)
    assert list(flags) == [False, True, True]
    assert source.run("bool_get", ctypes.addressof(flags), 0) is False


def test_an_index_of_a_small_type_is_widened_by_its_sign(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        @function
        def signed(p: Ptr[i64], i: i8) -> i64:
            return p[i]

        @function
        def unsigned(p: Ptr[i64], i: u8) -> i64:
            return p[i]
    """,
    )
    numbers = (ctypes.c_int64 * 300)(*range(300))
    middle = ctypes.addressof(numbers) + 8 * 5
    assert source.run("signed", middle, -5) == 0
    assert source.run("unsigned", ctypes.addressof(numbers), 200) == 200
