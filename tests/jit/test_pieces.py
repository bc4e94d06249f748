"""What is taken apart at once is handed over in pieces by functions that do not become part of their callers."""

from __future__ import annotations

import re

import pytest

from rufflang.jit.code import pieces_returned
from rufflang.jit.hot import HOT_FUNCTION
from tests.jit.hot_programs import chunks_of, run_here
from tests.jit.test_virtual_instances import allocations

PAIRS = """
func pairs(n) {
    if n == 0 { return [0, 1] }
    [a, b] := pairs(n - 1)
    return [b, a + b]
}
"""


def test_no_array_is_made_between_calls_of_a_function_by_itself(capfd: pytest.CaptureFixture[str]) -> None:
    compiled = run_here(f"{PAIRS}for i in range(500) {{ pairs(10) }}\nprint(pairs(50))")
    assert capfd.readouterr().out == "[12586269025, 20365011074]\n"
    made = compiled.of("pairs")[-1]
    body = made.emitted.split("define ", 1)[1].split("\n}", 1)[0]
    assert allocations(body.splitlines()) == 0
    assert "array_from_values" not in body
    assert made.request is not None and made.request.direct.pieces == 2


def test_a_caller_that_takes_the_array_apart_does_not_make_it_either(capfd: pytest.CaptureFixture[str]) -> None:
    caller = """
    func sum(n) {
        mut total := 0
        for i in range(n) {
            [a, b] := pairs(i)
            total += a - b
        }
        return total
    }
    """
    compiled = run_here(f"{PAIRS}{caller}\nfor i in range(200) {{ sum(20) }}\nprint(sum(4))")
    assert capfd.readouterr().out == "-3\n"
    # Where one of the elements is of another kind than so far, there is an array.
    assert len(re.findall("call .*array_of_pieces", compiled.of("sum")[-1].emitted)) == 2


@pytest.mark.parametrize(
    ("body", "pieces"),
    [
        ("if n == 0 { return [0, 1] }\n [a, b] := f(n - 1)\n return [b, a]", 2),
        ("[a, b] := f(n - 1)\n if a { return [b, a] } else { return [a, b] }", 2),
        ("[a, b, c] := f(n - 1)\n return [b, a, c]", 3),
        ("[a, b, c, d] := f(n - 1)\n return [b, a, c, d]", 0),
        ("[a, b] := f(n - 1)\n if a { return [b, a, 1] }\n return [b, a]", 0),
        ("[a, b] := f(n - 1)\n if a { return a }\n return [b, a]", 0),
        ("[a, b] := f(n - 1)\n if a { return [b, a] }", 0),
        ("[a, b] := f(n - 1)\n mut c := [b, a]\n if a { c := [a, b] }\n return c", 0),
        ("[a, b] := n\n return [b, a]", 0),
        ("a := f(n - 1)\n return [n, a]", 0),
        ("{a} := f(n - 1)\n return [n, a]", 0),
    ],
)
def test_what_a_function_returns_is_in_pieces_if_all_of_it_is_new_and_a_call_takes_it_apart(
    body: str, pieces: int
) -> None:
    assert pieces_returned(chunks_of(f"func f(n) {{ {body} }}")["f"]) == pieces


@pytest.mark.parametrize(
    ("use", "pieces"),
    [("[a, b] := f(1)", 2), ("let [a, b] := (f(1))", 2), ("[a, ...b] := f(1)", 2), ("a := f(1)", 0), ("f", 0)],
)
def test_any_call_in_the_file_counts(use: str, pieces: int) -> None:
    assert pieces_returned(chunks_of(f"func f(n) {{ return [n, n] }}\n{use}")["f"]) == pieces
    struct = "struct S {\n n\n func f(self, n) { return [n, n] }\n}\ns := S { n: 1 }"
    method = f"{struct}\n{use.replace('f', 's.f')}"
    assert pieces_returned(chunks_of(method)["S.f"]) == pieces


def test_a_caller_is_not_left_while_the_function_it_calls_has_no_code_yet() -> None:
    long = "func long(n) {\n mut x := n\n" + " x := x * 3 % 1000 + 1\n" * 30 + " return [x, n]\n}\n"
    caller = """
    func twice(n) {
        if n % 3 != 0 { return 0 }
        [a, b] := long(n)
        return a + b
    }
    """
    compiled = run_here(f"{long}{caller}for i in range(500) {{ twice(i) }}")
    assert [entry.cause for entry in compiled.of("twice")] == [HOT_FUNCTION]
    assert [entry.cause for entry in compiled.of("long")] == [HOT_FUNCTION]
