"""Native builtins about numbers, conversions, assertions, output and time."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from typing import Any

import pytest

from rufflang.runtime.builtins.clock import monotonic_time
from rufflang.runtime.builtins.output import flush_output
from rufflang.runtime.builtins.registry import all_builtins, builtin_numbers, builtin_of, builtin_rows
from rufflang.runtime.safepoints import FATAL_INTERRUPT
from rufflang.runtime.vm import STOP_INTERRUPT, VM
from tests.runtime.text_fixture import BUILTINS, Failed, TextVM, text_module
from tests.runtime.vm_fixture import read_field, write_field

AREAS = ("numbers_math", "conversion", "assertions", "output", "clock")
NAMES = [name for name, entry in BUILTINS.items() if entry.area in AREAS]


@pytest.fixture(scope="module")
def module() -> Any:
    return text_module([flush_output, monotonic_time], NAMES)


@pytest.fixture
def machine(module: Any) -> Iterator[TextVM]:
    made = TextVM(module)
    yield made
    made.vm.close()


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("abs", [-5], 5.0),
        ("floor", [-2.1], -3.0),
        ("ceil", [2.1], 3.0),
        ("round", [2.5], 3.0),
        ("round", [-2.5], -3.0),
        ("round", [0.49999999999999994], 0.0),
        ("round", [1e300], 1e300),
        ("round", [4503599627370497.5], 4503599627370498.0),
        ("round", [math.inf], math.inf),
        ("sqrt", [16], 4.0),
        ("pow", [2, 10], 1024.0),
        ("pow", [2.0, -1], 0.5),
        ("sin", [1.25], math.sin(1.25)),
        ("cos", [1.25], math.cos(1.25)),
        ("tan", [1.25], math.tan(1.25)),
        ("exp", [1.5], math.exp(1.5)),
        ("exp", [1000], math.inf),
        ("log", [10], math.log(10)),
        ("min", [3, 1], 1.0),
        ("max", [1.5, 2], 2.0),
        ("min", [math.nan, 2], 2.0),
        ("max", [2, math.nan], 2.0),
        ("bit_and", [12, 10], 8),
        ("bit_or", [12, 10], 14),
        ("bit_xor", [12, 10], 6),
        ("bit_not", [0], -1),
        ("bit_shl", [1, 63], -(2**63)),
        ("bit_shl", [3, 63], -(2**63)),
        ("bit_shr", [-8, 1], -4),
        ("bit_shr", [-1, 63], -1),
        ("to_int", [3.9], 3),
        ("to_int", [-3.9], -3),
        ("to_int", [" 42 "], 42),
        ("to_int", [True], 1),
        ("to_int", [1e300], 2**63 - 1),
        ("to_int", [math.nan], 0),
        ("to_float", [1], 1.0),
        ("to_float", ["2.5"], 2.5),
        ("to_bool", ["FALSE"], False),
        ("to_bool", ["False "], True),
        ("to_bool", ["0"], False),
        ("to_bool", [""], False),
        ("to_bool", [0.0], False),
        ("to_bool", [[]], False),
        ("to_bool", ["00"], True),
        ("is_truthy", ["0"], True),
        ("parse_int", ["-5"], -5),
        ("parse_float", ["1e3"], 1000.0),
        ("type", [1.5], "float"),
        ("type", [[]], "array"),
        ("is_int", [1], True),
        ("is_int", [1.0], False),
        ("is_int", [], False),
        ("is_null", [None], True),
        ("is_dict", [{}], True),
        ("is_string", ["x"], True),
        ("is_function", [1], False),
        ("to_string", [[1, "a"]], "[1, a]"),
        ("assert", [1, "m"], True),
        ("assert_equal", [[1], [1.0]], True),
        ("assert_true", [True], True),
        ("assert_contains", ["abc", "b"], True),
        ("assert_contains", [[1, [2]], [2]], True),
        ("assert_contains", [{"7": 1}, 7], True),
        ("args", [], []),
    ],
)
def test_builtins_give(machine: TextVM, name: str, arguments: list[Any], result: Any) -> None:
    given = machine.builtin(name, *arguments)
    assert given == result
    assert type(given) is type(result)


def test_rounding_keeps_the_sign_of_zero(machine: TextVM) -> None:
    assert math.copysign(1.0, machine.builtin("round", -0.4)) == -1.0
    assert math.copysign(1.0, machine.builtin("ceil", -0.4)) == -1.0


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("abs", [], "abs() expects 1 argument"),
        ("abs", ["5"], "abs() expects numeric argument 'value' , got Str(\"5\")"),
        ("round", [[1]], "round() expects numeric argument 'value' , got Array[1]"),
        ("sqrt", [-1], "sqrt() domain error: value must be >= 0"),
        ("log", [0], "log() domain error: value must be > 0"),
        ("pow", [2], "pow() expects 2 arguments"),
        ("min", [1, "2"], "min() expects numeric arguments"),
        ("bit_and", [1, 2.0], "bit_and() expects integer argument 'right' , got Float(2)"),
        ("bit_not", [None], "bit_not() expects integer argument 'value' , got Null"),
        ("bit_shl", [1, "1"], "bit_shl() expects integer argument 'shift' , got Str(\"1\")"),
        ("bit_shr", [1, 64], "bit_shr() expects a shift amount between 0 and 63"),
        ("to_int", ["4.5"], "Cannot convert '4.5' to int"),
        ("to_int", [{}], "Cannot convert dict to int"),
        ("to_float", [None], "Cannot convert null to float"),
        ("to_float", [], "to_float() requires one argument"),
        ("parse_int", [5], "parse_int requires a string argument"),
        ("parse_float", ["1,5"], "Cannot parse '1,5' as float"),
        ("is_int", [1, 2], "is_int() expects 1 argument"),
        ("assert", [], "assert requires at least 1 argument: condition"),
        ("assert", [1, 2, 3], "assert() expects at most 2 arguments: condition, [message]"),
        ("assert", [0], "Assertion failed"),
        ("assert", ["", [1, 2]], "[1, 2]"),
        ("assert_equal", ["a", 1.0], 'Assertion failed: expected Float(1), got Str("a")'),
        ("assert_true", [1], "assert_true requires a boolean argument"),
        ("assert_false", [True], "Assertion failed: expected false, got true"),
        ("assert_contains", [[1], 2], "Assertion failed: Array[1] does not contain Int(2)"),
        ("assert_contains", [5, 2], "assert_contains requires an array, string, or dict as first argument"),
        ("error", ["own"], "own"),
        ("error", [[1]], "[1]"),
        ("exit", ["1"], "exit() requires a numeric exit code when provided"),
        ("input", [5], "input() requires a string prompt when provided"),
        ("args", [1], "args() expects 0 arguments, got 1"),
        ("sleep", [-1], "sleep() requires non-negative milliseconds"),
        ("sleep", ["5"], "sleep() requires a number argument"),
        ("now", [1], "now() expects 0 arguments, got 1"),
    ],
)
def test_builtins_raise(machine: TextVM, name: str, arguments: list[Any], message: str) -> None:
    with pytest.raises(Failed) as failure:
        machine.builtin(name, *arguments)
    assert str(failure.value) == message


def test_output_is_collected_until_it_is_flushed(machine: TextVM) -> None:
    machine.builtin("print", "a", 1, 2.0, True, None)
    machine.builtin("print")
    machine.builtin("print", 42)
    machine.builtin("print", "ä")
    assert machine.written[1] == b""
    machine.vm.call(flush_output)
    assert machine.written[1].decode() == "a 1 2 true null\n\n42\nä\n"


def test_output_larger_than_the_buffer_arrives_in_order(machine: TextVM) -> None:
    expected = ""
    for size in (10, 70_000, 20, 65_535, 65_536, 5):
        machine.builtin("print", "x" * size)
        expected += "x" * size + "\n"
    machine.vm.call(flush_output)
    assert machine.written[1].decode() == expected


def test_standard_error_shows_what_was_printed_before_first(machine: TextVM) -> None:
    machine.builtin("print", "out")
    machine.builtin("eprint", "error", 1)
    assert machine.written == {1: b"out\n", 2: b"error 1\n"}


def test_a_buffer_of_no_capacity_hands_on_every_line_at_once(machine: TextVM) -> None:
    write_field(machine.vm.address, VM, "output", machine.vm.address)
    machine.builtin("print", "a", 1)
    assert machine.written[1] == b"a 1\n"
    machine.builtin("print", "b")
    assert machine.written[1] == b"a 1\nb\n"
    write_field(machine.vm.address, VM, "output", 0)


def test_input_shows_the_prompt_and_reads_lines(machine: TextVM) -> None:
    machine.input_lines = ["Ada"]
    assert machine.builtin("input", "Name? ") == "Ada"
    assert machine.written[1] == b"Name? "
    assert machine.builtin("input") == ""


def test_exit_is_an_error_that_nothing_catches(machine: TextVM) -> None:
    with pytest.raises(Failed):
        machine.builtin("exit", 3.9)
    assert machine.vm.field("error_is_fatal") == 4
    assert machine.vm.field("exit_code") == 3


def test_clocks_agree_with_those_of_the_system(machine: TextVM) -> None:
    assert abs(machine.builtin("now") - time.time()) < 5
    assert machine.builtin("now").is_integer()
    assert abs(machine.builtin("current_timestamp") - time.time() * 1000) < 5000
    write_field(machine.vm.address, VM, "started_at", machine.vm.call(monotonic_time))
    assert machine.builtin("sleep", 5) == 0
    assert 5 <= machine.builtin("performance_now") < 5000


def test_an_interruption_ends_a_long_sleep(machine: TextVM) -> None:
    write_field(machine.vm.address, VM, "interrupt", STOP_INTERRUPT)
    before = time.monotonic()
    with pytest.raises(Failed):
        machine.builtin("sleep", 3_600_000)
    assert time.monotonic() - before < 5
    assert read_field(machine.vm.address, VM, "error_is_fatal") == FATAL_INTERRUPT


def test_every_builtin_has_one_number_and_documentation_that_starts_with_its_signature() -> None:
    rows = builtin_rows()
    numbers = builtin_numbers(rows)
    assert [row.number for row in rows] == list(range(len(rows)))
    assert numbers["println"] == numbers["print"]
    assert numbers["upper"] != numbers["to_upper"]
    for entry in all_builtins():
        assert entry.signature.startswith(f"{entry.name}("), entry.name
        assert entry.doc.count("\n") >= 2, entry.name


def test_a_builtin_is_found_by_its_row() -> None:
    assert [builtin_of(row) for row in builtin_rows()] == all_builtins()
