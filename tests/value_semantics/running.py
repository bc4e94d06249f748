"""Running a program of many cases and judging each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.conformance import programs as conformance
from tests.conformance.ways_of_running import Engine, run
from tests.value_semantics.programs import Case, Setting, program

ROUNDS = {"reference": 1, "interpreter": 1, "jit-at-once": 3, "default": 130, "collector-stress": 1}
"""How often a case is run: often enough to be compiled."""


def failures(cases: Sequence[Case], setting: Setting, engine: Engine, folder: Path) -> Iterator[str]:
    """Runs the cases in one program; tells of each that printed something else than it should."""
    made = program(cases, setting, ROUNDS[engine.name])
    path = folder / "cases.ruff"
    path.write_text(made.text, encoding="utf-8")
    for name, text in made.modules.items():
        (folder / f"{name}.ruff").write_text(text, encoding="utf-8")
    result = run(conformance.Program(path), engine)
    printed: dict[str, list[str]] = {}
    for line in result.stdout.splitlines():
        printed.setdefault(line.split(" ")[0], []).append(line)
    for case, expected in made.expected.items():
        got = printed.get(str(case.number), [])
        if sorted(got) != sorted(expected):
            yield f"{case.name}\n{case.module}\n{case.code}\nexpected {expected}\nprinted  {got}"
    if result.exit_code != 0 or result.stderr:
        yield f"exit code {result.exit_code}\n{result.stderr}"
