"""The checker on programs that were not written for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rufflang.checker import Finding, check_types
from rufflang.cli.bytecode_of import library_table
from rufflang.syntax import Source, check_program, parse
from tests.cli.command import PROJECT
from tests.conformance.programs import Program, corpus

TABLE = library_table()
LIBRARY = frozenset([*TABLE.numbers, *TABLE.constants])

SERIOUS = [path for folder in ("examples", "benchmarks") for path in sorted((PROJECT / folder).rglob("*.ruff"))]


def check_file(path: Path) -> list[Finding]:
    source = Source(path.name, path.read_bytes().decode("utf-8"))
    program = parse(source).program
    if program is None or check_program(program):
        return []
    return check_types(program, LIBRARY, lambda name: None)


@pytest.mark.parametrize("path", SERIOUS, ids=lambda path: path.name)
def test_programs_that_run_cause_no_warning(path: Path) -> None:
    assert check_file(path) == []


def test_a_warning_about_a_program_of_the_corpus_is_about_an_error_that_it_expects() -> None:
    """Programs that expect no error, and do not play with types on purpose, cause no warning."""
    for program in corpus():
        if not _expects_errors(program) and program.name not in PLAYING_WITH_TYPES:
            assert check_file(program.path) == [], program.name


PLAYING_WITH_TYPES = {
    "spec/c05_numeric_equality_and_ordering.ruff",
    "spec/c50_equality_of_collections_and_functions.ruff",
    "spec/c50_equality_of_core_values.ruff",
    "spec/c53_annotations_are_ignored_at_run_time.ruff",
    "syntax/annotations_are_ignored.ruff",
    "values/equality.ruff",
}
"""Programs that compare values of different types, or whose annotations are wrong."""


def _expects_errors(program: Program) -> bool:
    caught = "except" in program.path.read_bytes().decode("utf-8", "replace")
    return caught or program.exit_code != 0
