"""Recursion of every kind, to the call limit and far beyond it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.robustness.programs import output

MODES = pytest.mark.parametrize("mode", ["off", "sync"])

WAYS = {
    "functions": ("func f(n) { return f(n + 1) + 1 }\nf(0)", "f"),
    "methods": ("struct A { x: int\n func go(self) { return self.go() + 1 } }\nA { x: 1 }.go()", "A.go"),
    "operators": ("struct A { x: int\n func op_add(self, o) { return self + o } }\nA { x: 1 } + 1", "A.op_add"),
    "comparisons": (
        "struct A { x: int\n func op_eq(self, o) { return self == o } }\nx := A { x: 1 } == 1", "A.op_eq",
    ),
    "signs": ("struct A { x: int\n func op_neg(self) { return -self } }\nx := -A { x: 1 }", "A.op_neg"),
    "callbacks": ("func g(n) { return map([n], g) }\ng(0)", "g"),
    "callbacks within functions": (
        "func it(n) { return any([1], func(x) { return it(n) }) }\nit(0)", "it",
    ),
    "defaults": ("func make() { return D {} }\nstruct D { y: any = make() }\nD {}", "make"),
}  # fmt: skip


@MODES
@pytest.mark.parametrize("way", WAYS)
def test_endless_recursion_is_an_error_that_can_be_caught(tmp_path: Path, way: str, mode: str) -> None:
    text, name = WAYS[way]
    *declarations, last = text.split("\n")
    guarded = "\n".join([*declarations, f"try {{ {last} }} except e {{ print(e.message) }}", 'print("on")'])
    message = f"Maximum VM call stack depth of 10000 exceeded while calling {name}"
    assert output(tmp_path, guarded, "--jit", mode) == [message, "on"]


@MODES
def test_the_limit_is_reached_exactly(tmp_path: Path, mode: str) -> None:
    text = (
        "func k(n) { if n == 0 { return 0 }\n return 1 + k(n - 1) }\n"
        "print(k(9999))\ntry { print(k(10000)) } except e { print(e.message) }\nprint(k(9999))"
    )
    message = "Maximum VM call stack depth of 10000 exceeded while calling k"
    assert output(tmp_path, text, "--jit", mode) == ["9999", message, "9999"]


@MODES
def test_functions_called_through_map_count_but_map_does_not(tmp_path: Path, mode: str) -> None:
    text = (
        "func deep(n) { if n == 0 { return 0 }\n return map([n - 1], deep)[0] + 1 }\n"
        "print(deep(9998))\ntry { print(deep(10000)) } except e { print(e.message) }"
    )
    message = "Maximum VM call stack depth of 10000 exceeded while calling deep"
    assert output(tmp_path, text, "--jit", mode) == ["9998", message]


@MODES
@pytest.mark.parametrize("limit", [10, 100_000, 5_000_000])
def test_any_chosen_limit_holds_or_the_stack_ends_in_the_same_error(
    tmp_path: Path, mode: str, limit: int
) -> None:
    text = (
        "func f(n, a, b, c) {\n p := a + b * c\n q := a - b + p\n r := f(n + 1, a, b, c)\n"
        " return p + q + r }\ntry { f(0, 1, 2, 3) } except e { print(e.message, len(e.stack) <= "
        f"{limit}) }}"
    )
    message = f"Maximum VM call stack depth of {limit} exceeded while calling f true"
    assert output(tmp_path, text, "--jit", mode, "--max-depth", str(limit)) == [message]


@MODES
def test_errors_thrown_at_the_bottom_of_deep_recursion_arrive(tmp_path: Path, mode: str) -> None:
    text = (
        'func f(n) { if n == 0 { throw("bottom") }\n return f(n - 1) }\n'
        "try { f(9000) } except e { print(e.message, len(e.stack)) }"
    )
    assert output(tmp_path, text, "--jit", mode) == ["bottom 9001"]
