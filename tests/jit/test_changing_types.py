"""Speculation that turns out wrong: never a wrong result, and no end of recompiling."""

from __future__ import annotations

from pathlib import Path

import pytest

from rufflang.jit.hot import AGAIN, HOT_FUNCTION
from rufflang.jit.once_more import MAXIMUM_RECOMPILATIONS
from rufflang.runtime.values import INT, STRING
from tests.jit.hot_programs import run_command, run_here

VALUES = ["7", "2.5", '"text"', "true", "null", "[1, 2]", '{"a": 1}']
ADD = """
    func twice(x) { return x + x }
    func describe(f) {
        try { return to_string(f()) } except e { return "error: ${e.message}" }
    }
    mut total := 0
    for i in 300 { total += twice(i) }
    print(total)
    values := [FIRST, SECOND, 4, FIRST]
    for i in 120 {
        for v in values {
            line := describe(func() { return twice(v) })
            if i == 0 || i == 119 { print(line) }
        }
    }
"""


@pytest.mark.parametrize("first", VALUES)
@pytest.mark.parametrize("second", VALUES[::3])
def test_arguments_of_other_kinds_after_compilation_give_what_the_interpreter_gives(
    tmp_path: Path, first: str, second: str
) -> None:
    text = ADD.replace("FIRST", first).replace("SECOND", second)
    interpreted = run_command(tmp_path, text, "--jit", "off")
    compiled = run_command(tmp_path, text, "--jit", "sync")
    assert compiled.stdout == interpreted.stdout
    assert compiled.stderr == interpreted.stderr == ""
    assert len(compiled.stdout.splitlines()) == 9


def test_a_function_is_recompiled_for_wider_types_and_then_left_alone(capfd: pytest.CaptureFixture[str]) -> None:
    compiled = run_here("""
        func twice(x) { return x + x }
        for i in 200 { twice(i) }
        mut total := 0.0
        for i in 2000 { total += twice(i * 0.5) }
        print(total)
    """)
    assert capfd.readouterr().out == "1999000\n"
    causes = [entry.cause for entry in compiled.of("twice")]
    assert causes.count(AGAIN) == 1
    request = compiled.of("twice")[-1].request
    assert request is not None
    assert bin(request.parameter_kinds[0]).count("1") == 2


def test_a_program_that_never_settles_is_not_recompiled_for_ever(capfd: pytest.CaptureFixture[str]) -> None:
    compiled = run_here("""
        mut source := 1
        func pick() { return source }
        func use() { return [pick(), source] }
        kinds := [1, 2.5, "t", true, null, [1], {"k": 1}, 3, 4.5]
        for round in 200 {
            for kind in kinds {
                source = kind
                for i in 20 { use() }
            }
        }
        print(len(use()))
    """)
    assert capfd.readouterr().out == "2\n"
    assert compiled.outcome.error is None
    for name in ("pick", "use"):
        again = [entry for entry in compiled.of(name) if entry.cause == AGAIN]
        assert len(again) <= MAXIMUM_RECOMPILATIONS
    assert len(compiled.entries) <= 4 * (MAXIMUM_RECOMPILATIONS + 1)


def test_a_loop_at_top_level_survives_a_change_of_types_in_the_middle(tmp_path: Path) -> None:
    text = """
        mut total := 0
        mut step := 1
        mut seen := []
        for i in 6000 {
            if i == 2500 { step = 0.5 }
            if i == 4000 {
                seen = push(seen, total)
                total = ""
                step = "x"
            }
            total = total + step
        }
        print(len(total), seen)
    """
    interpreted = run_command(tmp_path, text, "--jit", "off")
    compiled = run_command(tmp_path, text, "--jit", "sync")
    assert interpreted.stdout == compiled.stdout == "2000 [3250]\n"


def test_results_that_change_their_kind_are_noticed_by_compiled_callers(tmp_path: Path) -> None:
    text = """
        func element(a, i) { return a[i] }
        func total(a) {
            mut t := 0
            for i in len(a) { t = t + element(a, i) }
            return t
        }
        ints := [1, 2, 3]
        for i in 300 { total(ints) }
        print(total(ints), total([1, 2.5, 3]), total([1.5]), total([]))
        try { print(total([1, "a", true])) } except e { print(e.message) }
        try { print(total([1, null])) } except e { print(e.message) }
        print(total(ints))
    """
    interpreted = run_command(tmp_path, text, "--jit", "off")
    assert interpreted.stdout.splitlines()[0] == "6 6.5 1.5 0"
    for threshold in ("1", "20", "100"):
        assert run_command(tmp_path, text, "--jit", "sync", "--jit-threshold", threshold).stdout == interpreted.stdout


def test_compiling_in_the_background_changes_nothing(tmp_path: Path) -> None:
    text = """
        func even(n) { if n == 0 { return true }
            return odd(n - 1) }
        func odd(n) { if n == 0 { return false }
            return even(n - 1) }
        func mix(i) { if i % 3 == 0 { return i }
            if i % 3 == 1 { return i * 0.5 }
            return "s${i}" }
        mut count := 0
        mut text := 0
        for i in 30000 {
            if even(i % 50) { count += 1 }
            if type(mix(i)) == "string" { text += 1 }
        }
        print(count, text)
    """
    assert {run_command(tmp_path, text, "--jit", mode).stdout for mode in ("off", "auto", "sync")} == {"15000 10000\n"}


def test_kinds_of_arguments_are_noted_in_several_calls() -> None:
    """One call would say that the function takes ints, or that it takes texts."""
    compiled = run_here("""
        func same(x) { return x }
        for i in 200 {
            same(i)
            same("text")
        }
    """)
    (entry,) = compiled.of("same")
    assert entry.request is not None
    assert entry.request.parameter_kinds == [1 << INT | 1 << STRING]


def test_code_made_while_a_recursion_goes_deeper_is_made_again_twice_at_most(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Once what the first call gives is known, and once what the second one gives is, however deep it was."""
    compiled = run_here("""
        mut memo := []
        func paths(x, y, size) {
            if x == size || y == size { return 1 }
            known := memo[y * size + x]
            if known >= 0 { return known }
            result := (paths(x + 1, y, size) + paths(x, y + 1, size)) % 1000007
            memo[y * size + x] := result
            return result
        }
        for round in 3 {
            memo := []
            for i in 22500 { memo := push(memo, -1) }
            print(paths(0, 0, 150))
        }
    """)
    assert capfd.readouterr().out == "276132\n" * 3
    assert [entry.cause for entry in compiled.of("paths")] == [HOT_FUNCTION, AGAIN, AGAIN]
