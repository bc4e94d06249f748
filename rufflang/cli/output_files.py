"""Writing the files that a command was asked for: each is written whole or not at all."""

from __future__ import annotations

import os

from rufflang.cli.failures import CommandFailure, ExitCode, cli_error


def check_writable(path: str) -> None:
    """Raises CommandFailure if there is no way to write a file there, before work is done for nothing."""
    folder = os.path.dirname(path) or "."
    if os.path.exists(path) and not os.path.isdir(path) and not os.path.isfile(path):
        return
    if os.path.isdir(path):
        raise _failure(path, "it is a folder")
    if not os.path.isdir(folder):
        raise _failure(path, "there is no such folder")
    if not os.access(folder, os.W_OK):
        raise _failure(path, "the folder cannot be written")


def write_text_file(path: str, text: str) -> None:
    """Puts a text into a file, in place of what was there.  Raises CommandFailure when that is not possible."""
    is_special = os.path.exists(path) and not os.path.isfile(path)  # a device or a pipe, which stays what it is
    temporary = path if is_special else f"{path}.{os.getpid()}.tmp"
    try:
        with open(temporary, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        if not is_special:
            os.replace(temporary, path)
    except OSError as error:
        if not is_special and os.path.exists(temporary):
            os.unlink(temporary)
        raise _failure(path, error.strerror or str(error)) from None


def _failure(path: str, reason: str) -> CommandFailure:
    return CommandFailure(ExitCode.INPUT_OUTPUT, cli_error(f"Failed to write '{path}': {reason}"))
