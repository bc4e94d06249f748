"""Ctrl-C stops compiled code at once."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from tests.jit.hot_programs import environment

LONGEST_WAIT_SECONDS = 0.1
SLACK_ON_A_BUSY_MACHINE = 0.2
PROGRAMS = {
    "a loop at top level": """
        mut i := 0
        while true { i = (i + 1) % 1000 }
    """,
    "a loop in a function": """
        func spin(n) {
            mut i := 0
            while i < n { i = i * 1 + 1 }
            return i
        }
        spin(5000)
        spin(9000000000000000000)
    """,
    "recursion": """
        func fib(n) {
            if n < 2 { return n }
            return fib(n - 1) + fib(n - 2)
        }
        fib(20)
        fib(80)
    """,
    "calls in a loop, errors being caught": """
        func bad(i) { throw("x") }
        mut i := 0
        while true {
            try { bad(i) } except e { i = i + 1 }
        }
    """,
}


@pytest.mark.parametrize("mode", ["sync", "auto"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_an_interrupt_ends_the_program_with_exit_code_130(tmp_path: Path, name: str, mode: str) -> None:
    (tmp_path / "program.ruff").write_text(textwrap.dedent(PROGRAMS[name]))
    process = subprocess.Popen(
        [sys.executable, "-m", "rufflang", "run", "program.ruff", "--jit", mode],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
    )  # fmt: skip
    try:
        # By now the code is hot and compiled.
        time.sleep(1.5)
        assert process.poll() is None
        start = time.perf_counter()
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)
        waited = time.perf_counter() - start
    finally:
        process.kill()
        _, errors = process.communicate()
    assert process.returncode == 130
    assert b"Traceback" not in errors
    assert waited < LONGEST_WAIT_SECONDS + SLACK_ON_A_BUSY_MACHINE, waited
