"""Reading program files, with the exit codes of files that cannot be programs."""

from __future__ import annotations

from rufflang.source import OversizeSource, Source, UnreadableSource, read_source_file

# Type checkers take this for true; importing `typing` to say so would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.cli.failures import CommandFailure


def read_source(path: str) -> Source:
    """The program at `path`.

    Raises CommandFailure when the file cannot be read or is not UTF-8 (exit code 5), or is larger
    than the language allows (exit code 3).
    """
    try:
        return read_source_file(path)
    except (UnreadableSource, OversizeSource) as error:
        raise _failure(path, error) from None


def _failure(path: str, error: UnreadableSource | OversizeSource) -> CommandFailure:
    from rufflang.cli.failures import CommandFailure, ExitCode, cli_error

    if isinstance(error, UnreadableSource):
        return CommandFailure(ExitCode.INPUT_OUTPUT, cli_error(f"Failed to read .ruff file '{path}': {error}"))
    text = (
        f"[RUFPARSE001] [parser] error: {error}\n"
        f"  --> {path}:1:1\n"
        "  = help: Fix the parse error and rerun Ruff."
    )
    return CommandFailure(ExitCode.SYNTAX, text)
