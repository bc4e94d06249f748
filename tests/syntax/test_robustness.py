"""Any text at all: no Python error, every complaint has a place in the text, and time stays linear."""

from __future__ import annotations

import gc
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rufflang.syntax import Source, check_program, lex, parse, render
from rufflang.syntax.tokens import FIXED_KINDS

PROGRAM = """
struct P { x: int = 1, func m(self, a) { return self.x + a } }
enum E { A, B }
async func* g(n: int, xs: Array<string>?) -> Result<int, string> {
    for [k, v] in xs.items() { if k == 1 && !v { continue } else if k ?? 2 { yield k } else { break } }
    match n { case Ok(v) if v > 0: return v case -1 { } case E::A(a, _): { throw("x") } default: n += 1 }
    try { let {a, ...r} := {"a": 1, ...n} } except e { print("v ${e.message} ${d["k"]}\\n") }
    return xs[0]?.name |> f(1, P { x: 2 })
}
[a, b] := [...b, (a), -1.5]
test_group "g" { test "t" { spawn { loop { } } } }
export from_here := await g(1)?
"""

WORDS = ["a", "_", "Ok", "None", "P", "throw", "1", "1.5", '"s"', "x := func* () {"]
PIECES = [
    '"',
    "${",
    "}",
    '"${',
    "\\",
    "\n",
    "\r\n",
    "\t",
    " ",
    "#",
    "//",
    "/*",
    "*/",
    "\0",
    "\ud800",
    "é",
    "@",
    "1x",
    "'",
]
FRAGMENTS = st.sampled_from([*sorted(FIXED_KINDS), *WORDS, *PIECES])


def examine(text: str) -> None:
    source = Source("test.ruff", text)
    result = parse(source)
    found = result.diagnostics
    if result.program is not None:
        found = check_program(result.program)
    for each in found:
        assert each.span is not None
        assert 0 <= each.span.start <= len(text)
        assert each.span.line >= 1 and each.span.column >= 1
        render(each, source).encode("utf-8")
    assert (result.program is None) == bool(result.diagnostics)


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_arbitrary_text_is_parsed_or_complained_about(text: str) -> None:
    examine(text)


@settings(max_examples=300, deadline=None)
@given(st.lists(FRAGMENTS, max_size=60).map("".join) | st.lists(FRAGMENTS, max_size=60).map(" ".join))
def test_arbitrary_tokens_are_parsed_or_complained_about(text: str) -> None:
    examine(text)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(PROGRAM)), st.integers(0, 40), FRAGMENTS)
def test_a_damaged_program_is_parsed_or_complained_about(start: int, length: int, inserted: str) -> None:
    examine(PROGRAM[:start] + inserted + PROGRAM[start + length :])


@pytest.mark.parametrize("start", range(0, len(PROGRAM), 7))
def test_a_program_cut_off_anywhere_is_parsed_or_complained_about(start: int) -> None:
    examine(PROGRAM[:start])
    examine(PROGRAM[start:])


def test_the_program_that_the_others_damage_is_itself_correct() -> None:
    assert parse(Source("test.ruff", PROGRAM)).diagnostics == []


@settings(max_examples=200, deadline=None)
@given(st.lists(FRAGMENTS, max_size=40).map("".join))
def test_tokens_stand_in_the_text_in_order_with_true_lines(text: str) -> None:
    tokens, _ = lex(Source("test.ruff", text))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    previous = 0
    for token in tokens:
        assert previous <= token.start <= token.end <= len(text)
        previous = token.end
        assert token.column <= len(lines[token.line - 1]) + 2
        if token.kind in FIXED_KINDS:
            assert lines[token.line - 1].startswith(token.kind, token.column - 1)


LARGE = [
    "(", ")", "[", "{", "}", "[(]", "{(}", "a ", "a := ", "let ", "case ", "match a { case b: ", "if a { ",
    '"', '"${', '"${a}', "/*", "#", "@", "\\", "\n", "$", '"$', "1.", "x.", "?", "- ", "A { x: ", "A<",
    "func(", "let x: A<", "export ", "else if ", "yield ", "func f(a, a) {} ",
]  # fmt: skip


@pytest.mark.parametrize("fragment", LARGE)
def test_time_grows_with_the_text_and_not_faster(fragment: str) -> None:
    def seconds(size: int) -> float:
        source = Source("test.ruff", fragment * (size // len(fragment)))
        # Collections would look at everything that the tests before this one have left.
        gc.disable()
        began = time.thread_time()
        result = parse(source)
        if result.program is not None:
            check_program(result.program)
        ended = time.thread_time()
        gc.enable()
        return ended - began

    # Quadratic time would grow by 64; the slack and the attempts are for the noise of a busy machine.
    large = min(seconds(80_000) for _ in range(3))
    small = max(seconds(10_000) for _ in range(3))
    assert large < 30 * max(small, 0.005)
