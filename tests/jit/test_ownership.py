"""A container that an instruction gives another holder does not count as owned behind it."""

from __future__ import annotations

import pytest

from rufflang.jit.operations import Operations
from rufflang.lowpy.values import Aggregate
from tests.jit.hot_programs import run_here

TEXT = """
    func f(n) { return {"v": [n, 2.0]} }
    for i in range(500) { f(i + 0.5) }
    print(f(1.0))
"""


def settle_too_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has the compiler make a mistake: each virtual container that is made counts as owned, whoever needs it."""
    correct = Operations.register

    def register(self: Operations, number: int) -> Aggregate:
        virtual = self.virtual(number)
        if virtual is not None:
            self.emitter.virtuals.settle(virtual, self.translator.environment)
        return correct(self, number)

    monkeypatch.setattr(Operations, "register", register)


def test_a_container_that_counts_as_owned_though_it_was_given_away_is_reported(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RUFFLANG_JIT_CHECK", "1")
    settle_too_often(monkeypatch)
    run_here(TEXT)
    captured = capfd.readouterr()
    assert captured.out == '{"v": [1, 2]}\n'
    assert "counts as owned behind DICT_ADD at " in captured.err


def test_nothing_is_reported_where_the_compiler_is_right(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RUFFLANG_JIT_CHECK", "1")
    run_here(TEXT)
    assert capfd.readouterr() == ('{"v": [1, 2]}\n', "")
