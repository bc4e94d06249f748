"""Running a Ruff text on the reference evaluator."""

from __future__ import annotations

import io
from dataclasses import dataclass

from rufflang.reference import Outcome, RuntimeErrorReport, run
from rufflang.syntax import Source, check_program, parse
from rufflang.syntax.ast import Program


@dataclass(frozen=True)
class Ran:
    """What a program wrote and how it ended."""

    lines: list[str]
    outcome: Outcome

    @property
    def error(self) -> RuntimeErrorReport:
        """The uncaught error; there must be one."""
        assert self.outcome.error is not None
        return self.outcome.error


def parsed(text: str) -> tuple[Program, Source]:
    """The tree of `text`, which must have no lexical, parse or static errors."""
    source = Source("program.ruff", text)
    result = parse(source)
    assert not result.diagnostics, result.diagnostics
    assert result.program is not None
    assert not check_program(result.program)
    return result.program, source


def run_text(
    text: str, *, arguments: list[str] | None = None, stdin: str = "", max_depth: int = 10000
) -> Ran:
    """Parses, checks and runs `text`."""
    program, source = parsed(text)
    output = io.StringIO()
    outcome = run(
        program, source, arguments=arguments, max_depth=max_depth, stdout=output, stderr=io.StringIO(),
        stdin=io.StringIO(stdin),
    )
    return Ran(output.getvalue().splitlines(), outcome)


def lines_of(text: str) -> list[str]:
    """What `text` prints; it must end without an error."""
    ran = run_text(text)
    assert ran.outcome.error is None, ran.outcome.error
    return ran.lines


def message_of(statement: str, before: str = "") -> str:
    """The message of the error that `statement` raises."""
    return run_text(f"{before}\n{statement}\n").error.message
