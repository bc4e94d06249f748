"""Builtins that compiled code replays: what their caller checks is checked all the same."""

from __future__ import annotations

from pathlib import Path

from tests.jit.hot_programs import run_command

WRONG_COUNTS = """
    func attempt(f) {
        try { print(f()) } except e { print(e.message) }
    }
    func all() {
        attempt(func() { return repeat("a") })
        attempt(func() { return repeat("a", 2, 3) })
        attempt(func() { return len() })
        attempt(func() { return abs() })
        attempt(func() { return sqrt(1, 2) })
        attempt(func() { return upper() })
        attempt(func() { return starts_with("a") })
        attempt(func() { return max(1) })
    }
    for i in 3 { all() }
"""
CLOCK = """
    func attempt(f) {
        try { f()
            print("ran") } except e { print(e.message) }
    }
    func timed() { return performance_now() }
    for i in 3 { attempt(timed) }
"""


def test_a_wrong_number_of_arguments_is_an_error_in_compiled_code_too(tmp_path: Path) -> None:
    interpreted = run_command(tmp_path, WRONG_COUNTS, "--jit", "off")
    compiled = run_command(tmp_path, WRONG_COUNTS, "--jit", "sync", "--jit-threshold", "1")
    assert len(interpreted.stdout.splitlines()) == 24
    assert (compiled.stdout, compiled.stderr) == (interpreted.stdout, "")


def test_compiled_code_has_no_more_permissions_than_the_interpreter(tmp_path: Path) -> None:
    options = ("--jit", "sync", "--jit-threshold", "1")
    assert run_command(tmp_path, CLOCK, *options).stdout == "ran\n" * 3
    denied = run_command(tmp_path, CLOCK, *options, "--untrusted").stdout.splitlines()
    assert len(denied) == 3
    assert all(line.startswith("Capability denied: clock required") for line in denied)
