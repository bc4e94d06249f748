"""Arrays that nobody needs are not allocated; others are, once."""

from __future__ import annotations

import pytest

from rufflang.jit.hot import AGAIN
from tests.jit.hot_programs import loop_of
from tests.jit.test_virtual_instances import allocations, code_of, run


@pytest.mark.parametrize(
    "body",
    [
        "return [n, 2.0][0]",
        "v := [n, 2.0]\n w := v\n return w[0] + v[-1]",
        "mut v := [n, 2.0]\n v[0] := v[0] * 2.0\n return v[0] + v[1] + len(v)",
        "mut v := [n, 2.0]\n mut w := v\n w[1] += 1.0\n return v[0] + w[1]",
        "[a, b] := [n, 2.0]\n return a + b",
        "m := [[n, 1.0], [2.0, n]]\n return m[0][1] + m[1][0]",
        "v := [n, 1, \"x\", null, true]\n return v[0] + v[1]",
        "mut v := [n, 2.0]\n if n > 50.0 { v := [1.0, n] }\n return v[0]",
        "v := [n, 2.0, 3.0]\n return v[to_int(n) % 3]",
        "mut v := [n, 2.0, 3.0]\n v[to_int(n) % 3] := 1.0\n return v[0]",
    ],
)
def test_an_array_that_is_only_looked_into_is_not_allocated(body: str) -> None:
    assert allocations(code_of(f"func f(n) {{ {body} }}", "f(i + 0.5)")) == 0


@pytest.mark.parametrize(
    "body",
    [
        "return [n, 2.0]",
        'd := {"v": [n, 2.0]}\n return d',
        "v := [n, 2.0]\n return to_string(v) + to_string(v)",
        "v := [n, 2.0, 3.0, 4.0, 5.0]\n return v[to_int(n) % 5] + v[1 + to_int(n) % 3]",
        "v := [n, 2]\n return v[to_int(n) % 2] + v[to_int(n) % 2]",
    ],
)
def test_an_array_that_is_kept_or_passed_or_looked_into_anywhere_is_allocated_once(body: str) -> None:
    assert allocations(code_of(f"func f(n) {{ {body} }}", "try { f(i + 0.5) } except error { }")) == 1


def loop_in(function: str, call: str) -> list[str]:
    """The lines of the loop in `f` as emitted."""
    return loop_of(run(function, call).of("f")[-1].emitted)


@pytest.mark.parametrize(
    "body",
    [
        "z := [z[0] * z[0] - z[1] * z[1] + n, 2.0 * z[0] * z[1]]",
        "z := [z[1], z[0]]",
        "z[0] := z[1] + n",
        "z[i % 2] += n",
        "if i > 10 { z := [0.5, z[0]] }",
        "z := turned(z)",
    ],
)
def test_an_array_changes_from_round_to_round_without_being_allocated(body: str) -> None:
    loop = loop_in(
        "func turned(z) { return [0.0 - z[1], z[0]] }\n"
        f"func f(n) {{\n mut z := [0.0, n]\n for i in range(20) {{ {body} }}\n return z[0] + z[1] }}",
        "f(0.5)",
    )
    assert allocations(loop) == 0
    assert not any("load" in line and "element" in line for line in loop)


def test_an_array_that_came_in_from_elsewhere_is_taken_apart_before_a_loop() -> None:
    loop = loop_in(
        "func f(z) {\n mut sum := z\n for i in range(20) { sum := [sum[1], sum[0] + sum[1]] }\n return sum[0] }",
        "f([i, 1])",
    )
    assert allocations(loop) == 0


def test_an_array_that_is_written_anywhere_in_a_loop_is_made_before_it_and_has_one_holder() -> None:
    loop = loop_in(
        "func f(n) {\n mut counts := [0, 0, 0, 0, 0, 0, 0, 0]\n for i in range(20) { counts[i * n % 8] += 1 }\n"
        " return counts[0] }",
        "f(3)",
    )
    assert allocations(loop) == 0
    assert not any("clone" in line for line in loop)


def test_an_array_that_often_is_not_like_those_that_take_its_place_is_not_taken_apart_for_ever() -> None:
    compiled = run(
        "func f(z) {\n mut p := z\n for i in range(20) { p := [p[1], p[0] + 1] }\n return p }", "f([1, 2, 3])"
    )
    assert compiled.outcome.error is None
    assert [entry.cause for entry in compiled.of("f")].count(AGAIN) == 1
