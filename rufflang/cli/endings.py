"""How a command ends that something has gone wrong with: a message and an exit code."""

from __future__ import annotations

import os
import sys

from rufflang.cli.failures import CommandFailure, ExitCode, cli_error


def end_by(problem: Exception | KeyboardInterrupt) -> int:
    """Tell what ended a command; the result is the exit code."""
    if isinstance(problem, CommandFailure):
        return _fail(problem.code, problem.text)
    if isinstance(problem, KeyboardInterrupt):
        _fail(ExitCode.INTERRUPTED, "Interrupted")
        # An interrupted program may still hold threads that an ordinary exit would wait for.
        os._exit(ExitCode.INTERRUPTED)
    if isinstance(problem, BrokenPipeError):
        # Whoever read our output has left; there is nobody to tell.
        _give_up_output()
        return ExitCode.INPUT_OUTPUT
    if isinstance(problem, OSError):
        _give_up_output()
        reason = f"{problem.strerror} (os error {problem.errno})" if problem.errno else str(problem)
        return _fail(ExitCode.INPUT_OUTPUT, cli_error(f"Failed to write output: {reason}"))
    if os.environ.get("RUFFLANG_TRACEBACK"):
        raise problem
    described = f"{type(problem).__name__}: {problem}" if str(problem) else type(problem).__name__
    return _fail(ExitCode.INTERNAL, cli_error(f"internal failure: {described}"))


def _give_up_output() -> None:
    """Nothing more may be written to standard output, not even what Python flushes at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(code: int, text: str) -> int:
    sys.stdout.flush()
    print(text, file=sys.stderr, flush=True)
    return code
