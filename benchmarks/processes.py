"""Running one process and weighing it: time from start to end, processor time, memory, output.

Memory is the peak resident size that the system reports with the end of the process. On Linux a
process inherits the mark of the one that started it, so a peak below the runner's own cannot be seen;
`memory_floor` says where that blindness ends.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# Linux counts kibibytes, macOS bytes.
_BYTES_PER_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class Measurement:
    """One process from start to end; `failure` is None if it ended well."""

    seconds: float
    processor_seconds: float
    peak_bytes: int
    output: str
    failure: str | None


def memory_floor() -> int:
    """The peak, in bytes, below which the peak of a child is not visible."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _BYTES_PER_UNIT


def measure(command: Sequence[str], directory: Path, timeout: float) -> Measurement:
    """Run `command` in `directory` and weigh it; it is stopped after `timeout` seconds."""
    with tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=directory, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors
        )
        expired = threading.Event()
        watchdog = threading.Timer(timeout, _stop, (process, expired))
        watchdog.daemon = True
        watchdog.start()
        assert process.stdout is not None
        with process.stdout:
            output = process.stdout.read().decode(errors="replace")
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        watchdog.cancel()
        # Popen must not wait for, or signal, a process that is already gone.
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        failure = _failure(process.returncode, errors.read().decode(errors="replace"))
    if expired.is_set():
        failure = f"stopped after {timeout:g} seconds"
    peak = usage.ru_maxrss * _BYTES_PER_UNIT
    return Measurement(seconds, usage.ru_utime + usage.ru_stime, peak, output, failure)


def _stop(process: subprocess.Popen[bytes], expired: threading.Event) -> None:
    expired.set()
    process.kill()


def _failure(exit_code: int, errors: str) -> str | None:
    if exit_code == 0:
        return None
    lines = [line for line in errors.splitlines() if line.strip()]
    # A Python traceback says it in its last line, everybody else in one of the first.
    told = lines[-1:] if lines and lines[0].startswith("Traceback") else lines[:3]
    text = " / ".join(line.strip() for line in told)
    ended = f"signal {-exit_code}" if exit_code < 0 else f"exit code {exit_code}"
    return f"{ended}: {text}" if text else ended
