"""Where compiled loops look whether the program is to stop."""

from __future__ import annotations

import pytest

from rufflang.jit.polling import QUIET_ROUNDS
from tests.jit.hot_programs import loop_of, run_here

COUNTING = f"phi i64 [ {QUIET_ROUNDS},"


def loop_in(body: str) -> str:
    """What can run again in a function that does something `n` times."""
    compiled = run_here(f"func f(n) {{ {body} }}\nprint(f(10), f(20))\n", jit_threshold=1)
    assert compiled.outcome.error is None
    return "\n".join(loop_of(compiled.of("f")[-1].emitted))


def rounds_counted(loop: str) -> int:
    """The loops that count rounds: the number that is left comes from a subtraction."""
    return sum("sub i64" in line and line.endswith(", 1") for line in loop.splitlines())


def test_a_loop_that_calls_nothing_looks_once_in_many_rounds() -> None:
    loop = loop_in("mut s := 0\n for i in range(n) { s := (s + i * i) % 97 }\n return s")
    assert COUNTING in loop
    assert rounds_counted(loop) == 1


@pytest.mark.parametrize("work", ["s := s + len(to_string(i))", "s := s + len(sort([3, 1, 2]))"])
def test_a_loop_that_calls_the_runtime_looks_in_every_round(work: str) -> None:
    assert rounds_counted(loop_in(f"mut s := 0\n for i in range(n) {{ {work} }}\n return s")) == 0


def test_a_loop_around_another_looks_in_every_round() -> None:
    body = "mut s := 0\n for i in range(n) { for k in range(n) { s := (s + i * k) % 97 } }\n return s"
    assert rounds_counted(loop_in(body)) == 1
