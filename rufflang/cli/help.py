"""What is said to those who ask how the command is used, or have used it wrongly."""

from __future__ import annotations

from collections.abc import Iterable

from rufflang.cli.arguments import HELP, Command, Option
from rufflang.cli.failures import CommandFailure, ExitCode, cli_error


def overview(commands: Iterable[Command]) -> str:
    """The text of `rufflang --help`."""
    return "\n".join(
        [
            "Ruff: A modern programming language",
            "",
            "usage: rufflang COMMAND [options]",
            "",
            "commands:",
            *(f"  {command.name:<8}  {command.summary}" for command in commands),
            "",
            "options:",
            "  --help     show this text; after a command, that command's options",
            "  --version  show the version",
        ]
    )


def help_text(command: Command) -> str:
    """The text of `rufflang COMMAND --help`."""
    lines = [_usage_line(command), "", command.summary, "", "options:"]
    shown = [(_spelling(option), option.help) for option in (*command.options, HELP)]
    width = max(len(spelling) for spelling, _ in shown)
    lines.extend(f"  {spelling:<{width}}  {text}" for spelling, text in shown)
    if command.footer:
        lines.extend(("", command.footer))
    return "\n".join(lines)


def usage_failure(message: str, command: Command) -> CommandFailure:
    """What ends a command that was called wrongly."""
    return _failure(message, _usage_line(command))


def unknown_command(word: str) -> CommandFailure:
    """What ends a call whose first word should have been a command."""
    if word.startswith("-"):
        message = f"unknown option '{word}'"
    elif word.endswith(".ruff"):
        message = f"unknown command '{word}'; to run a program: rufflang run {word}"
    else:
        message = f"unknown command '{word}'"
    return _failure(message, "usage: rufflang COMMAND [options]")


def _failure(message: str, usage: str) -> CommandFailure:
    return CommandFailure(ExitCode.USAGE, f"{cli_error(message)}\n{usage}\n(try --help)")


def _usage_line(command: Command) -> str:
    return f"usage: rufflang {command.name} {command.operands}"


def _spelling(option: Option) -> str:
    names = ", ".join(option.names)
    if option.value is None:
        return names
    return f"{names} [{option.value}]" if option.bare is not None else f"{names} {option.value}"
