"""Compiled programs of the conformance corpus do what their comments say, on the model machine."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator

import pytest

from rufflang.bytecode.compiler import compile_program
from rufflang.syntax import Source, check_program, parse
from tests.bytecode.model import BUILTINS, Model, parsed_program
from tests.conformance.programs import Program, corpus

_BEYOND_THE_MODEL = {
    "calls/builtins_do_not_count_as_calls.ruff",
    "calls/depth_limit.ruff",
    "calls/depth_limit_through_callbacks.ruff",
    "spec/c21_call_depth.ruff",
    "jit/deep_recursion_to_the_limit.ruff",
}
"""Programs that the model, being recursive and slow, cannot run in reasonable time."""


def _valid(program: Program) -> bool:
    parsed = parse(Source(program.name, program.path.read_text(encoding="utf-8")))
    return parsed.program is not None and not parsed.diagnostics and not check_program(parsed.program)


PROGRAMS = [
    program for program in corpus()
    if not program.needs and program.name not in _BEYOND_THE_MODEL
    and program.command == ["run"] and _valid(program)
]


@pytest.fixture(autouse=True)
def deep_recursion() -> Iterator[None]:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(50_000)
    yield
    sys.setrecursionlimit(limit)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_a_compiled_program_behaves_as_its_comments_say(program: Program) -> None:
    source = Source(program.path.name, program.path.read_bytes().decode())
    unit = compile_program(parsed_program(source), source, BUILTINS)
    stdout = io.StringIO()
    model = Model(unit, stdout, "".join(f"{line}\n" for line in program.stdin), program.arguments)
    error = model.run()
    assert stdout.getvalue().split("\n") == [*program.stdout, ""], error
    if program.error is not None or not program.stderr:
        assert (error.message if error else None) == program.error
    if program.error_line is not None:
        assert error is not None and error.line == program.error_line
    assert model.exit_code == program.exit_code
