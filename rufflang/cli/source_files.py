"""Reading program files, with the failures a file can have before the lexer sees it."""

from __future__ import annotations

import os

from rufflang.cli.failures import CommandFailure, ExitCode, cli_error
from rufflang.syntax.spans import Source

MAXIMUM_SOURCE_BYTES = 1_048_576


def read_source(path: str) -> Source:
    """The program at `path`.

    Raises CommandFailure when the file cannot be read or is not UTF-8 (exit code 5), or is larger
    than the language allows (exit code 3).
    """
    try:
        with open(path, "rb") as file:
            # One byte more than allowed tells an oversize file from one that just fits, however large.
            data = file.read(MAXIMUM_SOURCE_BYTES + 1)
            size = max(len(data), os.fstat(file.fileno()).st_size)
    except (OSError, ValueError) as error:
        raise _unreadable(path, _reason(error)) from None
    if size > MAXIMUM_SOURCE_BYTES:
        raise CommandFailure(ExitCode.SYNTAX, _oversize(path, size))
    try:
        return Source(path, data.decode("utf-8"))
    except UnicodeDecodeError:
        raise _unreadable(path, "stream did not contain valid UTF-8") from None


def _unreadable(path: str, reason: str) -> CommandFailure:
    return CommandFailure(ExitCode.INPUT_OUTPUT, cli_error(f"Failed to read .ruff file '{path}': {reason}"))


def _reason(error: OSError | ValueError) -> str:
    """The system's text in the form that library errors use too."""
    if isinstance(error, OSError) and error.errno is not None:
        return f"{os.strerror(error.errno)} (os error {error.errno})"
    return str(error)


def _oversize(path: str, size: int) -> str:
    return (
        f"[RUFPARSE001] [parser] error: Source size {size} bytes exceeds maximum allowed "
        f"{MAXIMUM_SOURCE_BYTES} bytes\n"
        f"  --> {path}:1:1\n"
        "  = help: Fix the parse error and rerun Ruff."
    )
