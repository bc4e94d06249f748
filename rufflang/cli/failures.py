"""How a command fails: the exit codes, and the exception that carries a finished message to the top."""

from __future__ import annotations


class ExitCode:
    """What the exit code of a command tells its caller."""

    SUCCESS = 0
    NEGATIVE_ANSWER = 1
    USAGE = 2
    SYNTAX = 3
    RUNTIME = 4
    INPUT_OUTPUT = 5
    INTERNAL = 6
    INTERRUPTED = 130


class CommandFailure(Exception):
    """A command cannot go on: `text` goes to standard error as it stands, `code` is the exit code."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


def cli_error(message: str) -> str:
    """`message` as a diagnostic of the command line itself."""
    return f"[RUFCLI001] [cli] error: {message}"
