"""What is alive while compiled code runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

PROGRAM = """
func texts(n) {
    made := []
    for i in range(n) { made := push(made, "text ${i}") }
    return made
}

func work(n, first) {
    held := null
    if first && n == 10 { held := texts(100000) }
    if n == 0 { return [] }
    done := push(work(n - 1, first), [n, n])
    if held != null { done := push(done, len(held)) }
    return done
}

func run(n) {
    total := 0
    // The first time it is the interpreter that has the texts in a register; later it is not even written.
    for i in range(n) { total += len(work(20, i == 0)) }
    return total
}

print(run(20000))
"""


def test_what_the_interpreter_has_left_in_registers_is_not_alive_while_compiled_code_calls(tmp_path: Path) -> None:
    program = tmp_path / "program.ruff"
    program.write_text(PROGRAM, encoding="utf-8")
    finished = subprocess.run(
        [sys.executable, "-m", "rufflang", "run", str(program), "--jit", "sync", "--jit-threshold", "21"],
        env={**os.environ, "RUFFLANG_GC": "stats"}, capture_output=True, check=True, text=True,
    )  # fmt: skip
    assert finished.stdout == "400001\n"
    alive = re.search(r" live=(\d+) ", finished.stderr)
    assert alive is not None
    assert int(alive[1]) < 1 << 20
