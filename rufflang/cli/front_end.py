"""From a path to a program that may be executed: reading, parsing and the static checks."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rufflang.bytecode.errors import CompileError
from rufflang.cli.failures import CommandFailure, ExitCode
from rufflang.cli.source_files import read_source
from rufflang.syntax import Diagnostic, Source, check_program, parse, render
from rufflang.syntax.ast import Program
from rufflang.syntax.diagnostics import static_error


class LoadedProgram:
    """A program without lexical or parse errors, its source, and what the static checks found."""

    __slots__ = ("program", "source", "static_errors")

    def __init__(self, program: Program, source: Source, static_errors: Sequence[Diagnostic]) -> None:
        self.program = program
        self.source = source
        self.static_errors = static_errors


def load_program(path: str) -> LoadedProgram:
    """The program in the file at `path`.

    Raises CommandFailure when the file cannot be read, or with every diagnostic of a program that
    does not parse. Static errors are returned: how they are shown depends on the command.
    """
    return checked_program(read_source(path))


def checked_program(source: Source) -> LoadedProgram:
    """The program with this source text.

    Raises CommandFailure with every diagnostic of a program that does not parse.
    """
    result = parse(source)
    if result.program is None:
        raise CommandFailure(ExitCode.SYNTAX, render_all(result.diagnostics, source))
    return LoadedProgram(result.program, source, check_program(result.program))


def compilation_failure(error: CompileError, source: Source) -> CommandFailure:
    """The failure of a command whose program passes the checks but is too large for bytecode."""
    return CommandFailure(ExitCode.RUNTIME, render_all([static_error(error.message, error.span)], source))


def render_all(diagnostics: Sequence[Diagnostic], source: Source) -> str:
    """Every diagnostic in the human form, in order.

    The language fixes every line that other programs read of a lexical or parse error, and there is no source
    line among them: that is for people.
    """
    from rufflang.advice.parsing import notes_on

    for_people = sys.stderr.isatty()
    texts = [render(each, source, excerpt=for_people or each.subsystem == "vm") for each in diagnostics]
    for index, note in notes_on(diagnostics, source):
        texts[index] += f"\n  = note: {note}"
    return "\n".join(texts)
