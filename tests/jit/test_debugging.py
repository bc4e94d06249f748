"""The lines that DEBUG_JIT=1 promises."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.cli.command import PROJECT, environment
from tests.jit.hot_programs import run_command


def test_the_example_of_a_hot_function_reports_threshold_success_and_calls() -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "rufflang", "run", "examples/function_jit.ruff", "--jit", "sync"],
        cwd=PROJECT, capture_output=True, text=True, timeout=60, env=environment(DEBUG_JIT="1"),
    )  # fmt: skip
    lines = finished.stderr.splitlines()
    assert "JIT: Function 'add' hit threshold (100 calls), attempting compilation..." in lines
    assert "JIT: Successfully compiled function 'add'" in lines
    assert lines.count("JIT: Calling compiled function: add") == 50
    assert finished.stdout.splitlines()[0] == "Final result: 150"
    assert finished.returncode == 0


def test_without_the_variable_nothing_is_reported(tmp_path: Path) -> None:
    finished = run_command(tmp_path, "func f(x) { return x }\nfor i in 500 { f(i) }\n", "--jit", "sync")
    assert (finished.stdout, finished.stderr, finished.returncode) == ("", "", 0)


def test_a_hot_loop_is_reported(tmp_path: Path) -> None:
    finished = run_command(
        tmp_path, "mut t := 0\nfor i in 5000 { t += i }\nprint(t)\n", "--jit", "sync", variables={"DEBUG_JIT": "1"}
    )
    assert finished.stdout == "12497500\n"
    assert "JIT: Successfully compiled hot loop starting at offset" in finished.stderr
