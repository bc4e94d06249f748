"""Large programs compile to right code or to an error, never to wrong code."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from rufflang.bytecode import encoding
from tests.bytecode.model import compile_text, output_of
from tests.bytecode.test_value_semantics import PROGRAMS


@pytest.fixture
def deep_recursion() -> Iterator[None]:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(100_000)
    yield
    sys.setrecursionlimit(limit)


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_with_far_jumps_do_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = output_of(PROGRAMS[name])
    monkeypatch.setattr(encoding, "fits_short", lambda value: -4 <= value < 4)
    monkeypatch.setattr("rufflang.bytecode.compiler_conditions.fits_short", lambda value: -4 <= value < 4)
    assert output_of(PROGRAMS[name]) == usual


def test_a_very_long_sum_needs_no_recursion() -> None:
    unit = compile_text("x := 1\ny := " + " + ".join(["x"] * 20_000))
    assert len(unit.main.code) == 20_001
    assert unit.main.register_count < 10


def test_a_very_long_method_chain_compiles(deep_recursion: None) -> None:
    assert output_of('print("a"' + ".upper()" * 500 + ")") == "A\n"


def test_a_long_array_literal_needs_few_registers() -> None:
    unit = compile_text("x := [" + ",".join(["[1, 2]"] * 4000) + "]")
    assert unit.main.register_count < 100


def test_a_block_gives_its_registers_back() -> None:
    text = "x := 0\n" + "if x == 0 { a := 1\n b := 2\n x := a + b }\n" * 50
    assert compile_text(text).main.register_count < 10
