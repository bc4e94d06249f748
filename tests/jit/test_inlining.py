"""Calls of small functions become the functions' code; what happens in it is told as if they had been called."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.jit.hot_programs import Compiled, run_command, run_here

DIRECT_CALL = "call preserve_nonecc"


def last_text(compiled: Compiled, name: str) -> str:
    """The text of a function's last compilation."""
    assert compiled.outcome.error is None
    return compiled.of(name)[-1].emitted


def body_of(text: str) -> str:
    """The body of the typed entry, or of the loop."""
    return text.split("define ", 1)[1].split("\n}", 1)[0]


def test_a_call_of_a_small_function_becomes_its_code() -> None:
    compiled = run_here("""
        func twice(x) { return x * 2 }
        func caller(x) { return twice(x) + 1 }
        sum := 0
        for i in range(500) { sum += caller(i) }
        print(sum)
    """)
    assert DIRECT_CALL not in body_of(last_text(compiled, "caller"))


def test_a_closure_given_to_map_becomes_part_of_its_loop() -> None:
    compiled = run_here("""
        func changed(numbers, factor) { return map(numbers, func(x) { return x * factor }) }
        numbers := range(50)
        sum := 0
        for i in range(400) { sum += changed(numbers, i)[7] }
        print(sum)
    """)
    text = body_of(last_text(compiled, "changed"))
    assert "llvm.smul.with.overflow" in text
    assert DIRECT_CALL not in text


def test_a_large_function_is_still_called() -> None:
    steps = "\n".join(f"x := x * 3 % 1009 + {number}" for number in range(60))
    compiled = run_here(f"""
        func large(x) {{
            {steps}
            return x
        }}
        func caller(x) {{ return large(x) + 1 }}
        sum := 0
        for i in range(500) {{ sum += caller(i) }}
        print(sum)
    """)
    assert DIRECT_CALL in body_of(last_text(compiled, "caller"))


def test_code_that_was_never_executed_is_left_to_the_interpreter() -> None:
    compiled = run_here("""
        struct Point { x }
        func read(point, rare) {
            if rare { return point.unknown }
            return point.x
        }
        sum := 0
        for i in range(300) { sum += read(Point { x: i }, false) }
        print(sum)
    """)
    assert "@ruff_exit(" in body_of(last_text(compiled, "read"))


def test_functions_whose_assumptions_fail_too_often_are_compiled_in_full() -> None:
    compiled = run_here("""
        struct Point { x }
        func read(point, rare) {
            if rare { return point.x + 1000 }
            return point.x
        }
        sum := 0
        for i in range(3000) { sum += read(Point { x: i }, i > 150 && i % 3 == 0) }
        print(sum)
    """)
    assert compiled.outcome.error is None
    assert len(compiled.of("read")) == 2


@pytest.mark.parametrize("limit", ["--timeout", "--fuel"])
def test_a_limit_ends_a_loop_that_became_part_of_its_caller(tmp_path: Path, limit: str) -> None:
    text = """
        func spin(n) {
            while n > 0 { n := n + 1 - 1 }
            return n
        }
        func caller(n) { return spin(n) }
        for i in range(300) { caller(-1) }
        caller(1)
    """
    amount = "0.5" if limit == "--timeout" else "3000000"
    ended = run_command(tmp_path, text, "--jit", "sync", limit, amount)
    assert ended.returncode == 4
    assert "RUFVM" in ended.stderr


def test_the_call_stack_and_the_depth_limit_count_functions_that_became_part_of_others(tmp_path: Path) -> None:
    text = """
        func leaf(n) { if n == 0 { throw("bottom") } return n }
        func inner(n) { return leaf(n) + 1 }
        func outer(n) { return inner(n) + 1 }
        for i in range(300) { outer(5) }
        outer(0)
    """
    results = [run_command(tmp_path, text, "--jit", mode) for mode in ("off", "sync")]
    assert results[0].stderr == results[1].stderr
    assert "0 at leaf\n  1 at inner\n  2 at outer" in results[1].stderr


def test_code_that_has_a_function_in_itself_writes_the_headers_of_its_calls_once() -> None:
    compiled = run_here("""
        func ways(a, b) {
            if a == 0 || b == 0 { return 1 }
            return ways(a - 1, b) + ways(a - 1, b - 1) + ways(a, b - 1)
        }
        print(ways(5, 5))
    """)
    text = body_of(last_text(compiled, "ways"))
    calls = text.count(DIRECT_CALL)
    assert calls > 0
    assert text.count("store ptr %closure") < 2 * calls
