"""Reading, running and writing the snapshots of error reports.

A file in `snapshots/` holds cases, each a title, a program and the report that ends it:

    ====== title
    the program
    ------ exit code
    what standard error gets

A line `# run: …` gives options of the command, `# engines: vm` leaves the other one out where it
cannot give the same report, and `# file: NAME` begins another file beside the program.
`python -m tests.errors` writes all reports anew, to be read before they are committed.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.cli.command import Result
from tests.conformance.forked import run_forked

FOLDER = Path(__file__).parent / "snapshots"
ENGINES = {"vm": ("--jit", "off"), "reference": ("--engine", "reference")}
_CASE = re.compile(r"^====== (.*)\n((?:.*\n)*?)------ ?(.*)\n((?:(?!====== ).*\n)*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Case:
    """One program and the report that it ends with."""

    file: str
    title: str
    program: str
    exit_code: str
    report: str

    @property
    def options(self) -> list[str]:
        """Options of `rufflang run`."""
        found = re.search(r"^# run: (.*)$", self.program, re.MULTILINE)
        return found[1].split() if found else []

    @property
    def engines(self) -> list[str]:
        """The engines that give this report."""
        found = re.search(r"^# engines: (.*)$", self.program, re.MULTILINE)
        return found[1].split() if found else list(ENGINES)


def cases() -> list[Case]:
    """Every case of every file."""
    return [case for path in sorted(FOLDER.glob("*.txt")) for case in read(path)]


def read(path: Path) -> list[Case]:
    """The cases of a file."""
    text = path.read_text(encoding="utf-8")
    return [Case(path.stem, *(part or "" for part in found.groups())) for found in _CASE.finditer(text)]


def actual(case: Case, engine: str, run: Callable[[list[str], Path], Result] = run_forked) -> tuple[str, str]:
    """The exit code and the report of a case on an engine."""
    with tempfile.TemporaryDirectory() as folder:
        program, *others = re.split(r"^# file: (.*)\n", case.program, flags=re.MULTILINE)
        for name, text in zip(("demo.ruff", *others[::2]), (program, *others[1::2]), strict=True):
            (Path(folder) / name).write_bytes(unescaped(text).encode("utf-8"))
        result = run(["run", "demo.ruff", *case.options, *ENGINES[engine]], Path(folder))
    return str(result.exit_code), result.stderr


def unescaped(program: str) -> str:
    """The program with what cannot stand in a snapshot itself: `<NUL>`, and `<x*300>` for many x."""
    many = re.sub(r"<(.)\*(\d+)>", lambda found: found[1] * int(found[2]), program)
    return many.replace("<NUL>", "\0").removesuffix("<END>\n")


def update(path: Path) -> None:
    """Writes the reports of a file as they are now."""
    written = []
    for case in read(path):
        exit_code, report = actual(case, case.engines[0])
        written.append(f"====== {case.title}\n{case.program}------ {exit_code}\n{report}")
    path.write_text("".join(written), encoding="utf-8")
