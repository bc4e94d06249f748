"""Struct instances that nobody needs are not allocated; others are, once."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from tests.jit.hot_programs import Compiled, loop_of, run_here

NO_FREE_CELL = re.compile(r"icmp eq ptr %\w+, null")
"""What an allocation asks first, unless it is on the way out to the interpreter."""
VEC = """
struct Vec {
    x, y
    func op_add(self, other) { return Vec { x: self.x + other.x, y: self.y + other.y } }
    func scale(self, k) { return Vec { x: self.x * k, y: self.y * k } }
    func dot(self, other) { return self.x * other.x + self.y * other.y }
}
struct Pair { first, second }
"""


def run(function: str, call: str) -> Compiled:
    return run_here(f"{VEC}{function}\nlist := [1]\nfor i in range(500) {{ {call} }}")


def code_of(function: str, call: str) -> list[str]:
    """The lines of the typed entry of `f` as emitted."""
    compiled = run(function, call)
    assert compiled.outcome.error is None
    return compiled.of("f")[-1].emitted.split("define ", 1)[1].split("\n}", 1)[0].splitlines()


def allocations(lines: Sequence[str]) -> int:
    return sum(NO_FREE_CELL.search(line) is not None for line in lines)


@pytest.mark.parametrize(
    "body",
    [
        "return Vec { x: n, y: 2.0 }.x",
        "v := Vec { x: n, y: 2.0 }\n w := v\n return w.x + v.y",
        "return [Vec { x: n, y: 2.0 }][0].x",
        "mut v := Vec { x: n, y: 2.0 }\n v.x := v.x * 2.0\n return v.x + v.y",
        "v := Vec { x: n, y: 2.0 }\n return (v + v.scale(0.5)).dot(v)",
        "p := Pair { first: Vec { x: n, y: 1.0 }, second: n }\n return p.first.y * p.second",
        "mut v := Vec { x: n, y: 2.0 }\n if n > 50.0 { v := Vec { x: 1.0, y: n } }\n return v.x",
    ],
)
def test_an_instance_that_is_only_looked_into_is_not_allocated(body: str) -> None:
    assert allocations(code_of(f"func f(n) {{ {body} }}", "f(i + 0.5)")) == 0


@pytest.mark.parametrize(
    "body",
    [
        "return Pair { first: around.at, second: n }.first.y",
        "p := Pair { first: around.at, second: n }\n q := Pair { first: p.first, second: n }\n return q.first.y + n",
        "mut p := Pair { first: around.at, second: n }\n p.second := 2.0\n return p.first.x * p.second",
        "p := Pair { first: around.numbers, second: n }\n return p.first[1] + p.first[0] * p.second",
        "mut p := Pair { first: around.at, second: n }\n if n > 50.0 { p := Pair { first: around.at, second: 1.0 } }\n"
        " return p.first.x + p.second",
        "p := Pair { first: half, second: n }\n call := p.first\n return call(p.second)",
    ],
)
def test_an_instance_that_holds_what_others_hold_too_is_not_allocated(body: str) -> None:
    around = "struct Around { at, numbers }\naround := Around { at: Vec { x: 1.0, y: 2.0 }, numbers: [1.0, 2.0] }\n"
    half = "func half(n) { return n * 0.5 }\n"
    assert allocations(code_of(f"{around}{half}func f(n, around) {{ {body} }}", "f(i + 0.5, around)")) == 0


@pytest.mark.parametrize(
    "body",
    [
        "return Vec { x: n, y: 2.0 }",
        'd := {"v": Vec { x: n, y: 2.0 }}\n return d',
        "v := Vec { x: n, y: 2.0 }\n return func() { return v }",
        "throw(Vec { x: n, y: 2.0 })",
        "v := Vec { x: n, y: 2.0 }\n return to_string(v) + to_string(v) + to_string(v.x)",
    ],
)
def test_an_instance_that_is_kept_or_passed_is_allocated_once(body: str) -> None:
    assert allocations(code_of(f"func f(n) {{ {body} }}", "try { f(i + 0.5) } except error { }")) == 1


def test_an_instance_that_holds_a_container_of_its_own_is_allocated_at_once() -> None:
    body = 'p := Pair { first: {"a": n}, second: n }\n return p.first["a"] + p.second'
    assert allocations(code_of(f"func f(n) {{ {body} }}", "f(i + 0.5)")) == 1


def loop_in(function: str, call: str) -> list[str]:
    """The lines of the loop in `f` as emitted."""
    return loop_of(run(function, call).of("f")[-1].emitted)


def test_an_instance_changes_from_round_to_round_without_being_allocated() -> None:
    loop = loop_in(
        """
        func f(n) {
            mut z := Vec { x: 0.0, y: 0.0 }
            step := Vec { x: 0.5, y: n }
            for i in range(20) { z := z.scale(0.5) + step }
            return z.dot(step)
        }
        """,
        "f(0.5)",
    )
    assert allocations(loop) == 0


def test_an_instance_that_came_in_from_elsewhere_is_taken_apart_before_a_loop() -> None:
    loop = loop_in(
        """
        func f(z) {
            mut sum := z
            for i in range(20) { sum := sum.scale(0.5) + sum }
            return sum.x
        }
        """,
        "f(Vec { x: 0.5, y: 1.5 })",
    )
    assert allocations(loop) == 0
    assert not any("payload of the field" in line for line in loop)


def test_what_is_needed_in_each_round_is_allocated_before_the_loop() -> None:
    loop = loop_in(
        """
        func f(n) {
            mut length := 0
            v := Vec { x: n, y: 2.0 }
            for i in range(20) { length += len(to_string(v)) }
            return length
        }
        """,
        "f(0.5)",
    )
    assert any("to_string" in line or "display" in line for line in loop)
    assert allocations(loop) == 0
