"""Running the real command in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]
TIME_LIMIT_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Result:
    """What a run left behind; `exit_code` is negative after a signal, None when it took too long."""

    stdout: str
    stderr: str
    exit_code: int | None


def environment(**variables: str) -> dict[str, str]:
    """The process environment with this checkout importable, and `variables` on top."""
    search_path = os.pathsep.join(filter(None, (str(PROJECT), os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": search_path, **variables}


def rufflang(
    *words: str, folder: Path = PROJECT, stdin: str = "", variables: dict[str, str] | None = None
) -> Result:
    """Run `rufflang` with `words` in `folder`."""
    finished = subprocess.run(
        [sys.executable, "-m", "rufflang", *words],
        cwd=folder,
        input=stdin.encode(),
        capture_output=True,
        timeout=TIME_LIMIT_SECONDS,
        env=environment(**(variables or {})),
    )
    return Result(finished.stdout.decode(), finished.stderr.decode(), finished.returncode)


def write_program(folder: Path, text: str, name: str = "program.ruff") -> str:
    """Put a program into `folder`; the result is its name there."""
    (folder / name).write_text(text, encoding="utf-8")
    return name
