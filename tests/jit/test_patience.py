"""In the background nothing is compiled for a program that is over soon after it got hot."""

from __future__ import annotations

import textwrap

import pytest

import rufflang.jit.manager
from rufflang.cli.front_end import checked_program
from rufflang.engine import run_program
from rufflang.jit.engine import JitEngine
from rufflang.jit.hot import HotRequest
from rufflang.jit.manager import JitManager
from rufflang.run_options import RunOptions
from rufflang.syntax import Source

TEXT = """
    func add(a, b) { return a + b }
    mut total := 0
    for i in 3000 { total = add(total, i) }
    print(total)
"""


def test_a_program_that_is_over_soon_starts_no_compiler(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    asked: list[HotRequest] = []
    compiled: list[HotRequest] = []

    def answer_from_cache(self: JitEngine, request: HotRequest) -> bool:
        asked.append(request)
        return False

    monkeypatch.setattr(JitEngine, "answer_from_cache", answer_from_cache)
    monkeypatch.setattr(JitEngine, "compile", lambda self, request: compiled.append(request))
    # More than the test may take: the end of the program has to end the waiting.
    monkeypatch.setattr(rufflang.jit.manager, "PATIENCE_SECONDS", 3600)
    monkeypatch.setattr(rufflang.jit.manager, "KEEPING_SECONDS", 3600)
    loaded = checked_program(Source("program.ruff", textwrap.dedent(TEXT)))
    assert run_program(loaded.program, loaded.source, RunOptions(jit="on")).exit_code == 0
    assert (capfd.readouterr().out, len(asked), compiled) == ("4498500\n", 2, [])


def test_a_loop_asks_for_code_once(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    asked: list[int] = []
    monkeypatch.setattr(JitManager, "on_request", lambda self, vm, number, index: asked.append(index))
    loaded = checked_program(Source("program.ruff", "mut t := 0\nfor i in 5000 { t = t + i }\nprint(t)"))
    assert run_program(loaded.program, loaded.source, RunOptions(jit="on")).exit_code == 0
    assert (capfd.readouterr().out, len(asked)) == ("12497500\n", 1)
