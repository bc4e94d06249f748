"""What the ways out of compiled code have in common is written once."""

from __future__ import annotations

import re

from tests.jit.hot_programs import run_here
from tests.jit.test_inlining import body_of, last_text


def test_registers_that_stay_the_same_are_written_once_for_all_ways_out() -> None:
    compiled = run_here("""
        func f(a, b, xs) {
            s := xs[0] + a
            s += xs[1] * b
            s += xs[2] - a
            return s + b
        }
        for i in 300 { f(i, i + 1, [i, 2, 3]) }
    """)
    body = body_of(last_text(compiled, "f"))
    assert len(re.findall(r"br label %leaving\d+", body)) > 5, "there are many ways out"
    assert body.count("call {i64, i64} @ruff_exit(") == 1
    assert body.count("store i64 %a0, ptr %") == 1
    assert body.count("store i64 %a1, ptr %") == 1


def test_each_inlined_call_has_one_hand_over_of_its_own() -> None:
    compiled = run_here("""
        func second(xs) { return xs[1] + xs[0] }
        func f(xs, ys) { return second(xs) * second(ys) }
        for i in 300 { f([i, 2], [3, i]) }
    """)
    body = body_of(last_text(compiled, "f"))
    assert body.count("call {i64, i64} @ruff_exit_inlined(") == 2
    assert body.count("call {i64, i64} @ruff_exit(") == 1
