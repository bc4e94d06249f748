"""Running one process and weighing it: time from start to end, processor time, memory, output.

Memory is the peak resident size that the system reports with the end of the process.  `launcher` starts it, for the
sake of that; `memory_floor` says below which peak even so nothing can be seen.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

# Linux counts kibibytes, macOS bytes.
_BYTES_PER_UNIT = 1 if sys.platform == "darwin" else 1024

_LAUNCHER = [sys.executable, "-I", "-S", str(Path(__file__).with_name("launcher.py"))]
_FLOOR_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Measurement:
    """One process from start to end; `failure` is None if it ended well."""

    seconds: float
    processor_seconds: float
    peak_bytes: int
    output: str
    failure: str | None


@cache
def memory_floor() -> int:
    """The peak, in bytes, of a process that does nothing: one below that is not visible."""
    return _measure([], Path.cwd(), _FLOOR_SECONDS).peak_bytes


def measure(command: Sequence[str], directory: Path, timeout: float) -> Measurement:
    """Run `command` in `directory` and weigh it; it is stopped after `timeout` seconds."""
    executable = shutil.which(command[0])
    if executable is None:
        raise FileNotFoundError(command[0])
    return _measure([executable, *command[1:]], directory, timeout)


def _measure(command: Sequence[str], directory: Path, timeout: float) -> Measurement:
    reading, writing = os.pipe()
    with open(reading, encoding="ascii") as report, tempfile.TemporaryFile() as errors:
        try:
            process = subprocess.Popen(
                [*_LAUNCHER, str(writing), str(timeout), *command],
                cwd=directory, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, pass_fds=(writing,),
            )  # fmt: skip
        finally:
            os.close(writing)
        output = process.communicate()[0].decode(errors="replace")
        figures = report.read().split()
        errors.seek(0)
        told = errors.read().decode(errors="replace")
    if len(figures) != 5:
        raise RuntimeError(f"a process could not be started: {told}")
    seconds, processor_seconds, peak, status, stopped = map(float, figures)
    failure = _failure(os.waitstatus_to_exitcode(int(status)), told)
    if stopped:
        failure = f"stopped after {timeout:g} seconds"
    return Measurement(seconds, processor_seconds, int(peak) * _BYTES_PER_UNIT, output, failure)


def _failure(exit_code: int, errors: str) -> str | None:
    if exit_code == 0:
        return None
    lines = [line for line in errors.splitlines() if line.strip()]
    # A Python traceback says it in its last line, everybody else in one of the first.
    told = lines[-1:] if lines and lines[0].startswith("Traceback") else lines[:3]
    text = " / ".join(line.strip() for line in told)
    ended = f"signal {-exit_code}" if exit_code < 0 else f"exit code {exit_code}"
    return f"{ended}: {text}" if text else ended
