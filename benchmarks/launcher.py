"""Starts one process and tells what it took: `launcher.py DESCRIPTOR SECONDS COMMAND…`, run by `processes`.

On Linux a process begins with the peak memory of the one that started it, so whoever starts it has to be small.
This is a Python process that imports nothing, not even what it finds installed.  It stops the command after so many
seconds and writes numbers to the descriptor: seconds on the clock, seconds of the processor, the peak as the system
counts it, how the command ended as `wait` tells it, and whether it was stopped.  Without a command, these are the
figures of a process that does nothing.
"""

from __future__ import annotations

import posix
import sys
from _signal import ITIMER_REAL, SIGALRM, SIGKILL, setitimer, signal  # type: ignore[import-not-found]
from time import perf_counter


def _launch(report: int, seconds: float, command: list[str]) -> None:
    stopped = False

    def stop(number: int, frame: object) -> None:
        nonlocal stopped
        stopped = True
        posix.kill(child, SIGKILL)

    started = perf_counter()
    child = posix.fork()
    if child == 0:
        _become(command)
    signal(SIGALRM, stop)
    setitimer(ITIMER_REAL, seconds)
    _, status, usage = posix.wait4(child, 0)
    elapsed = perf_counter() - started
    setitimer(ITIMER_REAL, 0.0)
    figures = (elapsed, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, status, int(stopped))
    posix.write(report, " ".join(map(repr, figures)).encode())


def _become(command: list[str]) -> None:
    try:
        if command:
            posix.execv(command[0], command)
        posix._exit(0)
    except OSError as error:
        posix.write(2, f"{command[0]}: {error.strerror}\n".encode())
        posix._exit(127)


if __name__ == "__main__":
    descriptor = int(sys.argv[1])
    posix.set_inheritable(descriptor, False)
    _launch(descriptor, float(sys.argv[2]), sys.argv[3:])
