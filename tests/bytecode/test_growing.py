"""Which loops append in place to a text, and which must not."""

from __future__ import annotations

import pytest

from rufflang.bytecode.disassembler import disassemble
from tests.bytecode.model import BUILTINS, compile_text


def opcodes(body: str) -> list[str]:
    """The names of the instructions of a function with this body."""
    listing = disassemble(compile_text(f"func f(xs, n) {{\n{body}\n}}\n"), BUILTINS)
    lines = listing[listing.index("\nf:") :].splitlines()[2:]
    return [line.split()[2] for line in lines]


@pytest.mark.parametrize(
    ("body", "in_place"),
    [
        ('t := ""\nfor x in xs { t := t + x }', ["APPEND"]),
        ('t := ""\nfor x in xs { t += x }', ["APPEND"]),
        ('t := ""\nfor x in xs { t := t + x + ", " }', ["APPEND", "APPEND"]),
        ('t := n\nfor x in xs { t := t + "${x}," }', ["APPEND_TEXTS"]),
        ('t := ""\nwhile n > 0 { n -= 1\nif n == 3 { t := t + "a" } else { t := t + "b" } }', ["APPEND", "APPEND"]),
        ('t := ""\nfor x in xs { for y in x { t := t + y } }', ["APPEND"]),
        ('t := ""\nfor x in xs { try { t := t + x } except e { n := e } }', ["APPEND"]),
    ],
)
def test_a_loop_that_only_appends_does_so_in_place_and_completes_the_text(body: str, in_place: list[str]) -> None:
    names = opcodes(body)
    assert [name for name in names if name.startswith("APPEND")] == in_place
    assert names.count("COMPLETE") == 1
    assert names.index("COMPLETE") > max(index for index, name in enumerate(names) if name == "LOOP")


@pytest.mark.parametrize(
    "body",
    [
        "t := 0\nfor x in xs { t := t + x }",  # no text, as far as one can see
        't := ""\nfor x in xs { t := t + x\nn := len(t) }',
        't := ""\nfor x in xs { t := t + t }',
        't := ""\nfor x in xs { t := "a" + t }',
        't := ""\nwhile len(t) < n { t := t + "a" }',
        't := ""\nfor x in xs { t := t + x\nt := "" }',
        't := ""\nfor x in xs { t := t + x\nif n { return t } }',
        't := ""\nfor x in xs { n := func() { return t }\nt := t + "a" }',
        'try { t := ""\nfor x in xs { t := t + "a" } } except e { return e }',
        'for x in xs { t := ""\nt := t + "a" }',
        'let t := ""\nfor x in xs { t := t + "a" }',
    ],
)
def test_no_other_loop_does(body: str) -> None:
    assert "APPEND" not in opcodes(body)


def test_only_the_loop_that_does_nothing_else_appends_in_place() -> None:
    names = opcodes('t := ""\nfor x in xs { for y in x { t := t + y }\nn := t }')
    assert names.count("APPEND") == names.count("COMPLETE") == 1
    assert names.index("COMPLETE") < max(index for index, name in enumerate(names) if name == "LOOP")


def test_several_pieces_in_a_try_are_put_together_first() -> None:
    names = opcodes('t := ""\nfor x in xs { try { t := t + "a" + x } except e { n := e } }')
    assert "APPEND" not in names and names.count("ADD") == 2
