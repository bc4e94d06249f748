"""Ctrl-C stops compiled code at once."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from tests.cli.command import environment

pytestmark = pytest.mark.alone

LONGEST_WAIT_SECONDS = 0.1
ATTEMPTS = 4
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


@pytest.mark.parametrize("mode", ["sync", "on"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_an_interrupt_ends_the_program_with_exit_code_130(tmp_path: Path, name: str, mode: str) -> None:
    (tmp_path / "program.ruff").write_text(textwrap.dedent(PROGRAMS[name]))
    waits: list[float] = []
    # A busy machine may delay one attempt; it must not be able to delay all of them.
    while len(waits) < ATTEMPTS and (not waits or waits[-1] >= LONGEST_WAIT_SECONDS + SLACK_ON_A_BUSY_MACHINE):
        waits.append(seconds_until_interrupted(tmp_path, mode))
    assert waits[-1] < LONGEST_WAIT_SECONDS + SLACK_ON_A_BUSY_MACHINE, waits


def seconds_until_interrupted(folder: Path, mode: str) -> float:
    """How long the program goes on after an interrupt; it must end as an interrupted program does."""
    process = subprocess.Popen(
        [sys.executable, "-m", "rufflang", "run", "program.ruff", "--jit", mode],
        cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
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
    return waited
