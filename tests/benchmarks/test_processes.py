"""Weighing processes, as the benchmarks do it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.processes import measure, memory_floor

PYTHON = [sys.executable, "-I", "-S", "-c"]
HERE = Path.cwd()
SECONDS = 60.0
MEBIBYTE = 1 << 20


def test_the_peak_of_a_process_does_not_depend_on_that_of_the_one_which_asks_for_it() -> None:
    before = measure([*PYTHON, "pass"], HERE, SECONDS).peak_bytes
    ballast = bytearray(64 * MEBIBYTE)
    ballast[::4096] = b"x" * len(ballast[::4096])
    after = measure([*PYTHON, "pass"], HERE, SECONDS).peak_bytes
    assert abs(after - before) < 2 * MEBIBYTE
    larger = measure([*PYTHON, "x = b'x' * (32 << 20)"], HERE, SECONDS).peak_bytes
    assert 30 * MEBIBYTE < larger - before < 34 * MEBIBYTE


def test_no_python_process_is_below_what_can_be_seen() -> None:
    assert 0 < memory_floor() <= measure([*PYTHON, "pass"], HERE, SECONDS).peak_bytes


def test_a_process_is_measured_with_its_output() -> None:
    measurement = measure([*PYTHON, "print(sum(range(3_000_000)))"], HERE, SECONDS)
    assert measurement.failure is None
    assert measurement.output == "4499998500000\n"
    assert measurement.processor_seconds > 0.0
    assert 0.0 < measurement.seconds < SECONDS


@pytest.mark.parametrize(
    ("program", "failure"),
    [
        ("raise SystemExit(3)", "exit code 3"),
        ("import sys; sys.exit('told')", "exit code 1: told"),
        ("import posix; posix.kill(posix.getpid(), 11)", "signal 11"),
        ("while True: pass", "stopped after 0.2 seconds"),
    ],
)
def test_how_a_process_failed_is_told(program: str, failure: str) -> None:
    seconds = 0.2 if "while" in program else SECONDS
    assert measure([*PYTHON, program], HERE, seconds).failure == failure


def test_a_command_that_is_not_there_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        measure(["no-such-command-here"], HERE, SECONDS)
