"""Where compiled loops look whether the program is to stop."""

from __future__ import annotations

import pytest

from rufflang.jit.loop_heads import STRIP_ROUNDS
from tests.jit.hot_programs import loop_of, run_here


def loop_in(body: str) -> str:
    """What can run again in a function that does something `n` times."""
    compiled = run_here(f"func f(n) {{ {body} }}\nprint(f(10), f(20))\n", jit_threshold=1)
    assert compiled.outcome.error is None
    return "\n".join(loop_of(compiled.of("f")[-1].emitted))


def strips(loop: str) -> int:
    """The loops whose rounds are divided into strips that end where a counter is."""
    return sum("icmp eq i64" in line and ", %end" in line for line in loop.splitlines())


def rounds_counted(loop: str) -> int:
    """The loops that count rounds: the number that is left comes from a subtraction."""
    return sum("sub i64" in line and line.endswith(", 1") for line in loop.splitlines())


def looks(loop: str) -> int:
    return loop.count("load volatile")


def two_headed(loop: str) -> int:
    """The loops that are written as strips of rounds: they have values that change from strip to strip."""
    return int(".strip = phi" in loop)


def test_a_loop_over_a_known_range_that_calls_nothing_is_divided_into_strips_by_its_counter() -> None:
    loop = loop_in("mut s := n\n for i in range(30) { s := (s + i * i) % 97 }\n return s")
    assert (strips(loop), rounds_counted(loop), looks(loop), two_headed(loop)) == (1, 0, 1, 1)


@pytest.mark.parametrize(
    "head", ["mut i := 0\n while i < n { i += 1\n", "for i in range(0, n, 2) {", "for i in range(n) {"]
)
def test_another_short_loop_that_calls_nothing_counts_the_rounds_of_a_strip(head: str) -> None:
    loop = loop_in(f"mut s := 0\n {head} s := (s + i * i) % 97 }}\n return s")
    assert (strips(loop), rounds_counted(loop), looks(loop), two_headed(loop)) == (0, 1, 1, 1)


@pytest.mark.parametrize("further", ["s += i\n s -= 3\n" * 6, "if s == 5 { return i }\n"])
def test_a_loop_that_is_long_or_left_by_return_counts_its_rounds_as_one_loop(further: str) -> None:
    loop = loop_in(f"mut s := 0\n for i in range(n) {{ {further} s := (s + i * i) % 97 }}\n return s")
    assert (strips(loop), rounds_counted(loop), looks(loop), two_headed(loop)) == (0, 1, 1, 0)


@pytest.mark.parametrize("work", ["s := s + len(to_string(i))", "s := s + len(sort([3, 1, 2]))"])
def test_a_loop_that_calls_the_runtime_looks_in_every_round(work: str) -> None:
    loop = loop_in(f"mut s := 0\n for i in range(n) {{ {work} }}\n return s")
    assert (strips(loop), rounds_counted(loop), looks(loop)) == (0, 0, 1)


def test_a_loop_around_another_looks_in_every_round() -> None:
    body = "mut s := 0\n for i in range(n) { for k in range(n) { s := (s + i * k) % 97 } }\n return s"
    loop = loop_in(body)
    assert (rounds_counted(loop), looks(loop)) == (1, 2)


def optimised(body: str) -> str:
    """What LLVM makes of a function that has been called with an array of floats."""
    compiled = run_here(f"""
        func f(xs, n) {{ {body} }}
        mut xs := []
        for i in range(100) {{ xs := push(xs, i * 0.5) }}
        for k in range(6) {{ f(xs, 100) }}
    """, jit_threshold=3)  # fmt: skip
    assert compiled.outcome.error is None
    return compiled.of("f")[-1].optimised


def test_the_rounds_of_a_strip_are_unrolled() -> None:
    text = optimised("mut s := 0.0\n for x in xs { s := s + x }\n return s")
    assert text.count("load double") > 3


def test_the_rounds_of_a_strip_are_vectorised_where_they_cannot_leave_and_do_not_depend_on_each_other() -> None:
    assert "vector.body" in optimised(
        "mut found := false\n for i in range(600) { if i == n { found := true } }\n return found"
    )


@pytest.mark.parametrize("count", [0, 1, STRIP_ROUNDS - 1, STRIP_ROUNDS, STRIP_ROUNDS + 1, 3 * STRIP_ROUNDS, 5000])
def test_strips_leave_out_no_round(count: int, capsys: pytest.CaptureFixture[str]) -> None:
    text = """
    func total(first, end) {
        mut s := 0
        for i in range(first, end) { s := s + i % 5 }
        return s
    }
    func known() {
        mut s := 0
        for i in range(7, 7 + %d) { s := s + i % 5 }
        return s
    }
    for k in range(3) { if known() == total(7, 7 + %d) { print(known()) } }
    """
    compiled = run_here(text.replace("%d", str(count)), jit_threshold=1)
    assert compiled.outcome.error is None
    assert capsys.readouterr().out.split() == [str(sum(i % 5 for i in range(7, 7 + count)))] * 3


def test_a_strip_fits_into_a_range_that_is_longer_than_an_int_can_say(capsys: pytest.CaptureFixture[str]) -> None:
    compiled = run_here("""
    func last(first, end, most) {
        mut rounds := 0
        mut last := 0
        for i in range(first, end) {
            rounds += 1
            last := i
            if rounds == most { break }
        }
        return last
    }
    largest := 9223372036854775807
    for k in range(3) { print(last(-largest - 1, largest, 3000)) }
    """, jit_threshold=1)  # fmt: skip
    assert compiled.outcome.error is None
    assert capsys.readouterr().out.split() == [str(-(2**63) + 2999)] * 3
