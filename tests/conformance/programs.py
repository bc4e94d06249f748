"""The conformance corpus: finding the programs and reading what each says about its own behaviour.

A program states its expectations in comments, so that they stand beside the line that causes them:

    print(1 + 1)       # expect: 2
    print(nobody)      # expect error: Undefined variable: nobody

`expect:` lines, in order of appearance, are the whole standard output, with 0ms for every duration in
the report of a test run. `expect error:` is an uncaught runtime error (exit code 4); when the comment
shares its line with code, the error must be located on that line. `expect stderr:` is text that
standard error must contain, `expect exit:` the exit code, `args:` and `stdin:` what the program is
given, `command:` the subcommand when it is not `run`, and `needs:` the features without which the
program means nothing. Where a comment would change the program's meaning, the same lines without `#`
stand in a file beside it, ending in `.expect`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

CORPUS = Path(__file__).parent

NOT_YET_IMPLEMENTED: dict[str, frozenset[str]] = {
    "reference": frozenset(),
    "vm": frozenset(),
}
"""Features whose programs are in the corpus but cannot run yet on the reference evaluator or on the VM."""

_DIRECTIVE = re.compile(r"(expect(?: error| stderr| exit)?|needs|args|stdin|command):(?: (.*))?")
_COMMENT = re.compile(r"#[ ]((?:expect|needs|args|stdin|command)\b.*)$")


class MalformedProgram(Exception):
    """A program's comments start like an expectation but do not read as one."""


@dataclass(slots=True)
class Program:
    """One program of the corpus and everything it says about how it behaves."""

    path: Path
    stdout: list[str] = field(default_factory=list)
    stderr: list[str] = field(default_factory=list)
    error: str | None = None
    error_line: int | None = None
    exit_code: int = 0
    arguments: list[str] = field(default_factory=list)
    stdin: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=lambda: ["run"])
    needs: frozenset[str] = frozenset()
    directives: int = 0

    @property
    def name(self) -> str:
        """The path inside the corpus, which is how reports and lists refer to the program."""
        return self.path.relative_to(CORPUS).as_posix()

    def awaits_a_feature(self, family: str) -> bool:
        """Whether it cannot run yet on the reference evaluator (`reference`) or on the VM (`vm`)."""
        return bool(self.needs & NOT_YET_IMPLEMENTED[family])

    def apply(self, directive: str, line: int | None) -> None:
        """Take in one directive; `line` is its source line when it shares that line with code."""
        match = _DIRECTIVE.fullmatch(directive)
        if match is None:
            raise MalformedProgram(f"{self.name}: cannot read '{directive}'")
        kind, text = match[1], match[2] or ""
        self.directives += 1
        if kind == "expect":
            self.stdout.append(text)
        elif kind == "expect error":
            self.error, self.error_line, self.exit_code = text, line, 4
        elif kind == "expect stderr":
            self.stderr.append(text)
        elif kind == "expect exit":
            self.exit_code = int(text)
        elif kind == "needs":
            self.needs = frozenset(text.split(", "))
        elif kind == "stdin":
            self.stdin.append(text)
        elif kind == "args":
            self.arguments = text.split()
        else:
            self.command = text.split()


def read_program(path: Path) -> Program:
    """The program at `path` with the expectations of its comments or of the file beside it."""
    program = Program(path)
    beside = path.with_suffix(".expect")
    if beside.exists():
        for directive in beside.read_text(encoding="utf-8").splitlines():
            program.apply(directive, None)
        return program
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if match := _COMMENT.search(line):
            shares_its_line = bool(line[: match.start()].strip())
            program.apply(match[1], number if shares_its_line else None)
    return program


def corpus() -> list[Program]:
    """Every program, in order of its name.

    In a folder with a `main.ruff` only that one is a program; the other files are its modules.
    """
    paths = sorted(CORPUS.rglob("*.ruff"))
    entry_folders = [path.parent for path in paths if path.name == "main.ruff"]
    return [
        read_program(path)
        for path in paths
        if path.name == "main.ruff" or not any(folder in path.parents for folder in entry_folders)
    ]
