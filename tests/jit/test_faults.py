"""When the compiler itself fails, the program does not notice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rufflang.jit.compiler import CodeCompiler
from rufflang.jit.request import CannotCompile, CompileRequest, CompilerFault
from tests.jit.hot_programs import run_here

TEXT = """
    func add(a, b) { return a + b }
    func around(n) {
        mut t := 0
        for i in n { t = add(t, i) }
        return t
    }
    mut total := 0
    for i in 3000 { total = add(total, around(2)) }
    print(total)
"""


def failing(monkeypatch: pytest.MonkeyPatch, problem: Callable[[], Exception]) -> list[CompileRequest]:
    """Makes every compilation fail; the requests are collected."""
    requests: list[CompileRequest] = []

    def fail(self: CodeCompiler, request: CompileRequest) -> None:
        requests.append(request)
        raise problem()

    monkeypatch.setattr(CodeCompiler, "compile_function", fail)
    monkeypatch.delenv("RUFFLANG_JIT_CHECK", raising=False)
    monkeypatch.delenv("RUFFLANG_TRACEBACK", raising=False)
    return requests


@pytest.mark.parametrize("problem", [
    lambda: CannotCompile("not today"), lambda: CompilerFault("LLVM: broken"), lambda: ZeroDivisionError("oops"),
], ids=["refusal", "fault of LLVM", "fault of the JIT"])  # fmt: skip
def test_a_failing_compiler_is_asked_once_for_each_function_and_loop(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], problem: Callable[[], Exception]
) -> None:
    requests = failing(monkeypatch, problem)
    compiled = run_here(TEXT)
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("3000\n", "")
    asked = [(request.chunk.name, request.loop is None) for request in requests]
    assert sorted(set(asked)) == sorted(asked)
    assert {name for name, _ in asked} >= {"add", "around"}
    assert all(entry.refusal for entry in compiled.entries)


def test_the_reason_of_a_failure_is_said_while_debugging(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    failing(monkeypatch, lambda: CannotCompile("not today"))
    monkeypatch.setenv("DEBUG_JIT", "1")
    run_here(TEXT)
    lines = capfd.readouterr().err.splitlines()
    assert lines.count("JIT: Failed to compile function 'add': not today") == 1
    assert any(
        line.startswith("JIT: Loop at offset") and line.endswith("using interpreter: not today") for line in lines
    )
