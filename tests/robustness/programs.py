"""Running hostile programs with the real command, which must neither crash nor hang."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.cli.command import Result, environment

SECONDS = 60
# A process that a signal has killed has a negative exit code, a fault of the package has 6.
ORDERLY_ENDS = (0, 3, 4, 5)


def run(folder: Path, text: str | bytes, *options: str, seconds: float = SECONDS) -> Result:
    """Runs a program; fails the test if it crashes, is at a loss, or takes longer than `seconds`."""
    place = folder / "hostile.ruff"
    place.write_bytes(text if isinstance(text, bytes) else text.encode())
    finished = subprocess.run(
        [sys.executable, "-m", "rufflang", "run", place.name, *options],
        cwd=folder,
        capture_output=True,
        timeout=seconds,
        env=environment(),
    )
    errors = finished.stderr.decode("utf-8", "replace")
    assert finished.returncode in ORDERLY_ENDS, (finished.returncode, errors[-2000:])
    assert "Traceback" not in errors and "internal failure" not in errors, errors[-2000:]
    return Result(finished.stdout.decode("utf-8", "replace"), errors, finished.returncode)


def output(folder: Path, text: str, *options: str) -> list[str]:
    """The lines printed by a program that has to end well."""
    result = run(folder, text, *options)
    assert result.exit_code == 0, result.stderr[-2000:]
    return result.stdout.splitlines()


def first_error(result: Result) -> str:
    """The line that says what was wrong."""
    return result.stderr.splitlines()[0]
