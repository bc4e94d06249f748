"""Programs that must be stopped: when their time is over, and when they have done their work."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.command import environment, rufflang
from tests.robustness.programs import first_error, output, run

MODES = pytest.mark.parametrize("mode", ["off", "sync"])

# How long a program may take over its time; the rest is for a machine that is busy with other tests.
MOST_SECONDS = 2.0
TIMEOUT = "0.3"
TIME_ERROR = "[RUFVM001] [vm] Runtime Error: Time limit of 0.3s exceeded"

DAG = "func dag(x) {\n    for i in range(0, 40) { x := [x, x] }\n    return x\n}\n"
ENDLESS = {
    "loop": "i := 0\nwhile true { i := (i + 1) % 1000 }",
    "catching loop": 'while true { try { throw("x") } except e { y := e } }',
    "catching everything": "func again() { try { again() } except e { again() } }\nagain()",
    "recursion": "func f(n) { if n < 2 { return n }\n return f(n - 1) + f(n - 2) }\nf(90)",
    "sleep": "sleep(100000)",
    "callback": "map(range(0, 1000000000), func(x) { return x })",
    "range": "for i in range(0, 1000000000000) { }",
    "sort": "xs := map(range(0, 1000000), func(i) { return i * 7919 % 1000003 })\nwhile true { ys := sort(xs) }",
    "sort of texts": 'xs := map(range(0, 300000), func(i) { return "k${i * 7919 % 1000003}" })\n'
    "while true { ys := sort(xs) }",
    "equality": DAG + "print(dag([1]) == dag([1]))",
    "inequality": DAG + "if dag([1]) != dag([1]) { print(1) }",
    "contains": DAG + "print(contains([dag([1])], dag([1])))",
    "assert_equal": DAG + "assert_equal(dag([1]), dag([1]))",
    "unique": "xs := map(range(0, 100000), func(i) { return [i] })\nwhile true { unique(xs) }",
    "display": DAG + "print(len(to_string(dag([]))))",
    "join": 'while true { s := join(map(range(0, 1000), func(i) { return repeat("x", 1000) }), "") }',
}


@MODES
@pytest.mark.parametrize("work", ENDLESS)
def test_a_program_ends_when_its_time_is_over_whatever_it_catches(tmp_path: Path, work: str, mode: str) -> None:
    text = f'print("before")\ntry {{\n{ENDLESS[work]}\n}} except e {{ print("caught", e.message) }}\nprint("after")'
    started = time.monotonic()
    result = run(tmp_path, text, "--timeout", TIMEOUT, "--jit", mode)
    assert first_error(result) == TIME_ERROR
    assert (result.stdout, result.exit_code) == ("before\n", 4)
    assert time.monotonic() - started < MOST_SECONDS + float(TIMEOUT)


@MODES
def test_a_program_that_waits_for_input_ends_when_its_time_is_over(tmp_path: Path, mode: str) -> None:
    (tmp_path / "asks.ruff").write_text('try { x := input("? ") } except e { }\nprint("read")', encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "rufflang", "run", "asks.ruff", "--jit", mode, "--timeout", TIMEOUT],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    )
    assert process.stdout is not None and process.stderr is not None and process.stdin is not None
    try:
        assert process.wait(timeout=30) == 4
        assert process.stdout.read() == b"? "
        assert process.stderr.read().startswith(TIME_ERROR.encode())
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            stream.close()


def test_a_program_within_its_limits_notices_nothing(tmp_path: Path) -> None:
    assert output(tmp_path, "print(1 + 1)", "--timeout", "30", "--fuel", "1000000") == ["2"]


def test_the_reference_evaluator_knows_the_limits_too(tmp_path: Path) -> None:
    endless = 'try { while true { } } except e { print("caught") }'
    result = run(tmp_path, endless, "--engine", "reference", "--timeout", TIMEOUT)
    assert (first_error(result), result.stdout, result.exit_code) == (TIME_ERROR, "", 4)
    result = run(tmp_path, endless, "--engine", "reference", "--fuel", "1000")
    assert first_error(result) == "[RUFVM001] [vm] Runtime Error: Fuel limit of 1000 exceeded"
    assert (result.stdout, result.exit_code) == ("", 4)


WORK = """
struct Point { x: int
    func op_add(self, other) { return Point { x: self.x + other.x } }
}
func fib(n) { if n < 2 { return n }
    return fib(n - 1) + fib(n - 2) }
func fail(n) { if n % 3 == 0 { throw("three") }
    return n }
total := Point { x: 0 }
i := 0
while true {
    try { total := total + Point { x: fail(i) } } except e { total := total + Point { x: fib(i % 7) } }
    xs := map(range(0, i % 11), func(x) { return x * 1.5 })
    ys := sort(xs)
    if len(filter(ys, func(y) { return y > 3.0 })) > 2 { print(i, total.x, ys) }
    i := i + 1
}
"""
JIT_MODES = (
    ("--jit", "off"),
    ("--jit", "on", "--jit-threshold", "3", "--loop-threshold", "3"),
    ("--jit", "sync", "--jit-threshold", "1", "--loop-threshold", "1"),
    (),
)


@pytest.mark.parametrize("fuel", [1, 2, 10, 777, 5000, 60000])
def test_fuel_ends_a_program_at_the_same_point_however_it_is_compiled(tmp_path: Path, fuel: int) -> None:
    results = [run(tmp_path, WORK, "--fuel", str(fuel), *mode) for mode in JIT_MODES]
    assert first_error(results[0]) == f"[RUFVM001] [vm] Runtime Error: Fuel limit of {fuel} exceeded"
    assert results[0].exit_code == 4
    assert all(result == results[0] for result in results)


@MODES
@pytest.mark.parametrize("work", ["loop", "catching loop", "recursion", "callback", "range", "equality", "sort"])
def test_fuel_ends_a_program_whatever_it_catches(tmp_path: Path, work: str, mode: str) -> None:
    text = f'try {{\n{ENDLESS[work]}\n}} except e {{ print("caught") }}\nprint("after")'
    result = run(tmp_path, text, "--fuel", "3000000", "--jit", mode)
    assert first_error(result) == "[RUFVM001] [vm] Runtime Error: Fuel limit of 3000000 exceeded"
    assert (result.stdout, result.exit_code) == ("", 4)


@pytest.mark.parametrize(
    "value", ["range(0, 1000000000)", 'repeat("abc", 1000000000)', 'pad_left("a", 1000000000, "b")']
)
def test_large_values_are_not_finished_when_there_is_no_fuel_left(tmp_path: Path, value: str) -> None:
    """Nor is the memory used that they would need."""
    program, errors = tmp_path / "large.ruff", tmp_path / "errors"
    program.write_text(f"x := {value}\nprint(len(x))", encoding="utf-8")
    words = [sys.executable, "-m", "rufflang", "run", str(program), "--fuel", "1000"]
    into = (os.POSIX_SPAWN_OPEN, 2, str(errors), os.O_WRONLY | os.O_CREAT, 0o600)
    _, status, usage = os.wait4(os.posix_spawn(sys.executable, words, environment(), file_actions=[into]), 0)
    assert os.waitstatus_to_exitcode(status) == 4
    assert "Fuel limit of 1000 exceeded" in errors.read_text(encoding="utf-8")
    assert usage.ru_maxrss < 500_000  # kilobytes


def test_code_that_counts_is_not_mixed_up_with_code_that_does_not(tmp_path: Path) -> None:
    rounds = random.randrange(100_000, 200_000)  # nothing of earlier tests is kept for this program
    (tmp_path / "counts.ruff").write_text(f"i := 0\nwhile i < {rounds} {{ i := i + 1 }}\nprint(i)", encoding="utf-8")
    for options, exit_code in (((), 0), (("--fuel", "50000"), 4), ((), 0), (("--fuel", "50000"), 4)):
        result = rufflang("run", "counts.ruff", "--jit", "sync", *options, folder=tmp_path)
        assert result.exit_code == exit_code, result.stderr


@pytest.mark.parametrize(
    ("option", "value", "wanted"),
    [
        ("--timeout", "0", "seconds such as 2 or 0.5"),
        ("--timeout", "-1", "seconds such as 2 or 0.5"),
        ("--timeout", "1e3", "seconds such as 2 or 0.5"),
        ("--timeout", ".", "seconds such as 2 or 0.5"),
        ("--fuel", "0", "a whole number from 1 up"),
        ("--fuel", "many", "a whole number from 1 up"),
    ],
)
def test_limits_must_be_numbers(tmp_path: Path, option: str, value: str, wanted: str) -> None:
    (tmp_path / "one.ruff").write_text("print(1)", encoding="utf-8")
    result = rufflang("run", "one.ruff", option, value, folder=tmp_path)
    assert result.exit_code == 2
    assert f"invalid value '{value}' for '{option}': expected {wanted}" in result.stderr


def test_a_program_that_is_given_fuel_sleeps_as_long_as_any(tmp_path: Path) -> None:
    text = "start := performance_now()\nsleep(60)\nprint(performance_now() - start >= 60)"
    assert output(tmp_path, text, "--fuel", "100000") == ["true"]


def test_a_spawned_block_ends_with_the_time_of_the_program(tmp_path: Path) -> None:
    text = "spawn { while true { } }\nwhile true { }"
    result = run(tmp_path, text, "--timeout", TIMEOUT, seconds=20)
    assert (first_error(result), result.exit_code) == (TIME_ERROR, 4)


def test_a_spawned_block_has_fuel_for_itself(tmp_path: Path) -> None:
    text = 'spawn { while true { } }\nsleep(500)\nfor i in range(0, 900) { }\nprint("done")'
    result = run(tmp_path, text, "--fuel", "1000", seconds=20)
    assert (result.stdout, result.exit_code) == ("done\n", 0)
    assert first_error(result) == "[RUFVM001] [vm] Runtime Error: Fuel limit of 1000 exceeded"


def test_generators_and_iterators_are_counted(tmp_path: Path) -> None:
    text = "func* numbers() { i := 0\n    while true { yield i\n    i := i + 1 } }\n"
    text += "print(numbers().filter(func(n) { return false }).take(1).collect())"
    results = [run(tmp_path, text, "--fuel", "20000", *mode) for mode in JIT_MODES]
    assert first_error(results[0]) == "[RUFVM001] [vm] Runtime Error: Fuel limit of 20000 exceeded"
    assert all(result == results[0] for result in results)
