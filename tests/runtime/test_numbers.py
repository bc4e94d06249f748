"""Numbers as text and back, with Python's int, repr and Decimal as the oracle."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rufflang.runtime import numbers, numbers_floats
from tests.runtime.text_fixture import TextVM, text_module
from tests.runtime.vm_fixture import text_of

quick = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ints = st.integers(-(2**63), 2**63 - 1)


@pytest.fixture(scope="module")
def machine() -> Iterator[TextVM]:
    functions = [
        numbers.int_text, numbers.parse_int_text, numbers_floats.float_text, numbers_floats.parse_float_text,
    ]  # fmt: skip
    made = TextVM(text_module(functions))
    yield made
    made.vm.close()


def display(number: float) -> str:
    """The float's text as the language reference defines it."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "inf" if number > 0 else "-inf"
    return format(Decimal(repr(number)), "f").removesuffix(".0")


def parsed_float(machine: TextVM, text: str) -> float | None:
    result: float | None = machine.python(
        machine.vm.call(numbers_floats.parse_float_text, machine.string(text))
    )
    return result


def parsed_int(machine: TextVM, text: str) -> int | None:
    value = machine.vm.module.call(numbers.parse_int_text, machine.string(text))
    result: int | None = machine.python(value)
    return result


def float_of_bits(bits: int) -> float:
    number: float = struct.unpack("d", struct.pack("Q", bits))[0]
    return number


@quick
@given(number=ints | st.integers(-1000, 1000))
@example(number=-(2**63))
@example(number=2**63 - 1)
def test_an_int_is_written_in_decimal_and_read_back(machine: TextVM, number: int) -> None:
    assert text_of(machine.vm.call(numbers.int_text, number)) == str(number)
    assert parsed_int(machine, str(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (" \t42\u3000", 42),
        ("+7", 7),
        ("-0", 0),
        ("007", 7),
        ("9223372036854775808", None),
        ("-9223372036854775809", None),
        ("99999999999999999999999", None),
        ("", None),
        ("-", None),
        ("1.0", None),
        ("1 2", None),
        ("１", None),
        ("0x1", None),
        ("1_000", None),
        ("--1", None),
    ],
)
def test_only_decimal_ints_of_64_bits_are_read(machine: TextVM, text: str, number: int | None) -> None:
    assert parsed_int(machine, text) == number


@quick
@given(bits=st.integers(0, 2**64 - 1))
def test_any_double_is_written_by_its_shortest_digits(machine: TextVM, bits: int) -> None:
    number = float_of_bits(bits)
    assert text_of(machine.vm.call(numbers_floats.float_text, number)) == display(number)


@quick
@given(number=st.floats(-1e6, 1e6) | st.integers(-(10**7), 10**7).map(lambda n: n / 1000))
def test_everyday_floats_are_written_by_their_shortest_digits(machine: TextVM, number: float) -> None:
    assert text_of(machine.vm.call(numbers_floats.float_text, number)) == display(number)


def test_powers_of_two_and_of_ten_are_written_by_their_shortest_digits(machine: TextVM) -> None:
    powers = [2.0**exponent for exponent in range(-1074, 1024)]
    powers += [float(f"1e{exponent}") for exponent in range(-323, 309)]
    for number in powers:
        assert text_of(machine.vm.call(numbers_floats.float_text, number)) == display(number)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1.0, "1"),
        (2.5, "2.5"),
        (-0.0, "-0"),
        (0.0, "0"),
        (1e-7, "0.0000001"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1 / 3, "0.3333333333333333"),
        (1e21, "1" + "0" * 21),
        (math.nan, "NaN"),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
        (123456.789, "123456.789"),
        (5e-324, "0." + "0" * 323 + "5"),
    ],
)
def test_floats_have_the_texts_of_the_language_reference(machine: TextVM, number: float, text: str) -> None:
    assert text_of(machine.vm.call(numbers_floats.float_text, number)) == text


@quick
@given(bits=st.integers(0, 2**64 - 1))
def test_a_written_float_reads_back_as_itself(machine: TextVM, bits: int) -> None:
    number = float_of_bits(bits)
    if not math.isnan(number):
        assert parsed_float(machine, display(number)) == number
        assert parsed_float(machine, repr(number)) == number


@quick
@given(
    text=st.from_regex(
        r"[+-]?([0-9]{1,25}\.?[0-9]{0,25}|\.[0-9]{1,25})([eE][+-]?[0-9]{1,3})?", fullmatch=True
    )
)
def test_decimal_texts_are_read_as_the_nearest_double(machine: TextVM, text: str) -> None:
    assert parsed_float(machine, text) == float(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (" 1.5\n", 1.5),
        ("5.", 5.0),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("1E+3", 1000.0),
        ("inf", math.inf),
        ("-Infinity", -math.inf),
        ("+INF", math.inf),
        ("1e400", math.inf),
        ("1e-400", 0.0),
        ("0e99999999999", 0.0),
        ("1e99999999999999999999", math.inf),
        ("1e-99999999999999999999", 0.0),
    ],
)
def test_floats_are_read_in_all_accepted_forms(machine: TextVM, text: str, number: float) -> None:
    assert parsed_float(machine, text) == number


@pytest.mark.parametrize(
    "text", ["", ".", "-", "e5", "1e", "1e+", "1.5x", "1,5", "0x10", "1_0", "infin", "1 2", "--1", "nanx"]
)
def test_other_texts_are_not_floats(machine: TextVM, text: str) -> None:
    assert parsed_float(machine, text) is None


def test_nan_is_read_in_any_casing(machine: TextVM) -> None:
    for text in ("nan", "NaN", "-NAN"):
        number = parsed_float(machine, text)
        assert number is not None
        assert math.isnan(number)
