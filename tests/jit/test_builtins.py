"""Builtins that compiled code replays: what their caller checks is checked all the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.jit.hot_programs import run_command, run_here

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
TAKING = """
    func taking(count) {
        xs := []
        waiting := Queue()
        s := Stack()
        few := [7, 8, 9]
        total := 0
        for i in range(count) {
            xs := push(xs, i)
            [xs, last] := pop(xs)
            waiting := queue_enqueue(waiting, last)
            [waiting, front] := queue_dequeue(waiting)
            s := stack_push(s, front)
            [s, top] := stack_pop(s)
            [few, middle] := remove_at(few, 1)
            few := push(few, middle)
            total := total + (top + 1 - last) * 3
        }
        print(total, len(xs), queue_size(waiting), len(few))
    }
    taking(20000)
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


@pytest.mark.parametrize("way", [("--jit", "off"), ("--jit", "sync", "--loop-threshold", "50")], ids=" ".join)
def test_what_is_taken_out_of_a_container_comes_without_an_allocation(tmp_path: Path, way: tuple[str, ...]) -> None:
    finished = run_command(tmp_path, TAKING, *way, variables={"RUFFLANG_GC": "stats"})
    assert finished.stdout == "60000 0 0 3\n"
    allocated = re.search(r"allocated=(\d+)", finished.stderr)
    assert allocated is not None and int(allocated[1]) < 300_000


def test_an_element_taken_out_is_of_the_kind_that_was_seen() -> None:
    compiled = run_here(TAKING, loop_threshold=50)
    (entry,) = compiled.of("taking")
    assert "add.with.overflow" in entry.emitted
    assert '@"arithmetic.' not in entry.emitted


@pytest.mark.parametrize("call", ["words[i % 2].upper()", "words[i % 2].is_empty()", "named(words[i % 2])"])
def test_a_builtin_called_as_a_method_or_by_another_name_has_been_executed(call: str) -> None:
    compiled = run_here(f"""
        func work(n) {{
            words := ["a", "b"]
            named := upper
            last := null
            for i in range(n) {{ last := {call} }}
            return last
        }}
        for i in 200 {{ work(50) }}
        print(work(5000))
    """)
    assert sum(entry.chunk.name == "work" for entry in compiled.entries) == 2
