"""Running hostile programs with the real command, which must neither crash nor hang."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.cli.command import Result, environment

SECONDS = 60
# A process that a signal has killed has a negative exit code, a fault of the package has 6.
ORDERLY_ENDS = (0, 3, 4, 5)
INTERRUPTED = 130
# What counts is a tenth of a second; the rest is for a machine that is busy with other tests.
SECONDS_TO_STOP = 2.0


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


def printed_until_interrupted(folder: Path, text: str, *options: str) -> str:
    """What a program prints that is sent Ctrl-C soon after it has written "go" to standard error.

    Fails the test if the program does not end at once and in the documented way.
    """
    (folder / "busy.ruff").write_text(text, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "rufflang", "run", "busy.ruff", *options],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        try:
            assert process.stderr.readline() == b"go\n"
            time.sleep(0.2)
            before = time.monotonic()
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=30) == INTERRUPTED
            assert time.monotonic() - before < SECONDS_TO_STOP
            assert process.stderr.read() == b"Interrupted\n"
            return process.stdout.read().decode()
        finally:
            process.kill()
