"""Reading program files, with the exit codes of files that cannot be programs."""

from __future__ import annotations

from rufflang.cli.failures import CommandFailure, ExitCode, cli_error
from rufflang.syntax.reading import OversizeSource, UnreadableSource, read_source_file
from rufflang.syntax.source import Source


def read_source(path: str) -> Source:
    """The program at `path`.

    Raises CommandFailure when the file cannot be read or is not UTF-8 (exit code 5), or is larger
    than the language allows (exit code 3).
    """
    try:
        return read_source_file(path)
    except UnreadableSource as error:
        message = cli_error(f"Failed to read .ruff file '{path}': {error}")
        raise CommandFailure(ExitCode.INPUT_OUTPUT, message) from None
    except OversizeSource as error:
        raise CommandFailure(ExitCode.SYNTAX, _oversize(path, error)) from None


def _oversize(path: str, error: OversizeSource) -> str:
    return (
        f"[RUFPARSE001] [parser] error: {error}\n"
        f"  --> {path}:1:1\n"
        "  = help: Fix the parse error and rerun Ruff."
    )
