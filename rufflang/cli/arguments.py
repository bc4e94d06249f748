"""Reading command lines.

`argparse` costs more to import than a small program takes to run, and it cannot express a flag whose
value may be left out in front of other words (`--jit`). This is the part of it that is needed: one
table of options per command, from which both the parsing and the help text (`cli/help.py`) come. The
classes are written out because `dataclasses`, like `argparse`, would be the slowest thing that a start imports.
"""

from __future__ import annotations

# Type checkers take this for true; importing `collections` would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class UsageError(Exception):
    """The command line itself is wrong; the text says how."""


class Option:
    """One option: its spellings, its line of help, and the name of its value if it takes one.

    `bare` is what the option means without a value; where it is given, a following word is the
    option's value only if it is one of `choices`.
    """

    __slots__ = ("bare", "choices", "help", "names", "value")

    def __init__(
        self,
        names: tuple[str, ...],
        help: str,
        value: str | None = None,
        choices: tuple[str, ...] = (),
        bare: str | None = None,
    ) -> None:
        self.names = names
        self.help = help
        self.value = value
        self.choices = choices
        self.bare = bare


class Command:
    """A subcommand: its operands as shown in the usage line, what it does, and its options."""

    __slots__ = ("footer", "name", "operands", "options", "summary")

    def __init__(
        self, name: str, operands: str, summary: str, options: tuple[Option, ...], footer: str = ""
    ) -> None:
        self.name = name
        self.operands = operands
        self.summary = summary
        self.options = options
        self.footer = footer


class Arguments:
    """A parsed command line: options by first spelling, operands, and the words after `--`.

    `is_of_process` says that it is the process's own, which ends when the command has been performed.
    """

    __slots__ = ("is_of_process", "operands", "options", "trailing")

    def __init__(self) -> None:
        self.options: dict[str, str] = {}
        self.operands: list[str] = []
        self.trailing: list[str] = []
        self.is_of_process = False

    def __contains__(self, name: str) -> bool:
        return name in self.options


HELP = Option(("--help", "-h"), "show this text")


def parse_arguments(command: Command, words: Sequence[str]) -> Arguments:
    """Sort `words` into options and operands.

    Raises UsageError for an option the command does not have, a missing value, or a value that is
    not among the option's choices.
    """
    known = {name: option for option in (*command.options, HELP) for name in option.names}
    parsed = Arguments()
    remaining = list(words)
    while remaining:
        word = remaining.pop(0)
        if word == "--":
            parsed.trailing = remaining
            break
        if not word.startswith("-") or word == "-":
            parsed.operands.append(word)
            continue
        name, has_inline, inline = word.partition("=")
        if name not in known:
            raise UsageError(f"unknown option '{name}'")
        option = known[name]
        parsed.options[option.names[0]] = _value(option, name, inline if has_inline else None, remaining)
    return parsed


def _value(option: Option, name: str, inline: str | None, remaining: list[str]) -> str:
    """The value of `option` as written, taking the next word off `remaining` when it is the value."""
    if option.value is None:
        if inline is not None:
            raise UsageError(f"option '{name}' takes no value")
        return ""
    value = inline
    if value is None and option.bare is not None:
        value = remaining.pop(0) if remaining and remaining[0] in option.choices else option.bare
    if value is None:
        if not remaining:
            raise UsageError(f"option '{name}' needs a value: {name} {option.value}")
        value = remaining.pop(0)
    if option.choices and value not in option.choices:
        raise UsageError(f"invalid value '{value}' for '{name}': expected {_listed(option.choices)}")
    return value


def _listed(choices: tuple[str, ...]) -> str:
    return " or ".join((", ".join(choices[:-1]), choices[-1])) if len(choices) > 1 else choices[0]


def integer_value(arguments: Arguments, name: str, default: int, minimum: int = 1) -> int:
    """The value of option `name` as an int of at least `minimum`; `default` when it was not given."""
    text = arguments.options.get(name)
    if text is None:
        return default
    from rufflang.cli.option_values import whole_number

    return whole_number(name, text, minimum)


def seconds_value(arguments: Arguments, name: str) -> float | None:
    """The value of option `name` as a number of seconds (`2`, `0.5`); None when not given."""
    text = arguments.options.get(name)
    if text is None:
        return None
    from rufflang.cli.option_values import seconds

    return seconds(name, text)


def size_value(arguments: Arguments, name: str) -> int | None:
    """The value of option `name` as a number of bytes (`64MB`, `512KB`, `1G`); None when not given."""
    text = arguments.options.get(name)
    if text is None:
        return None
    from rufflang.cli.option_values import size

    return size(name, text)
