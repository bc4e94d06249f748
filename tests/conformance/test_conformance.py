"""Every program of the corpus behaves as its comments say, on every way of running it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.command import Result
from tests.conformance.fork_server import ForkServer
from tests.conformance.programs import NOT_YET_IMPLEMENTED, Program, corpus, read_program
from tests.conformance.ways_of_running import DEFAULT, ENGINES, Engine, run

PROGRAMS = corpus()
RUNNABLE = [
    (program, engine) for program in PROGRAMS for engine in ENGINES if not program.awaits_a_feature(engine.family)
]

_DURATION = re.compile(r"(?<=\()\d+ms(?=\)$)|(?<=^Time:  )\d+ms$", re.MULTILINE)
"""How long a test took; the corpus writes 0ms."""

ERROR_REPORT = "[RUFVM001] [vm] Runtime Error: Undefined variable: nobody\n  --> program.ruff:{line}:1\n"


@pytest.mark.parametrize(("program", "engine"), RUNNABLE, ids=lambda part: part.name)
def test_a_program_behaves_as_its_comments_say(program: Program, engine: Engine, fork_server: ForkServer) -> None:
    """By default with the command that users call; the other ways of running need not start anew each time."""
    check(program, run(program, engine, None if engine == DEFAULT else fork_server))


def check(program: Program, result: Result) -> None:
    """Fail unless `result` is what the program announces; unannounced standard error is a failure too."""
    output = _DURATION.sub("0ms", result.stdout) if program.command[0] == "test-run" else result.stdout
    assert output.split("\n") == [*program.stdout, ""], result.stderr
    for text in program.stderr:
        assert text in result.stderr
    if program.error is not None:
        assert result.stderr.startswith(f"[RUFVM001] [vm] Runtime Error: {program.error}\n"), result.stderr
    elif not program.stderr:
        assert result.stderr == ""
    if program.error_line is not None:
        location = re.search(r"^  --> .*:(\d+):\d+$", result.stderr, re.MULTILINE)
        assert location is not None and int(location[1]) == program.error_line, result.stderr
    assert result.exit_code == program.exit_code, result.stderr


def test_every_feature_called_missing_is_awaited_by_a_program() -> None:
    needed = {feature for program in PROGRAMS for feature in program.needs}
    assert all(features <= needed for features in NOT_YET_IMPLEMENTED.values())


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_every_program_states_what_it_does(program: Program) -> None:
    assert program.directives > 0


@pytest.mark.parametrize(
    "result",
    [
        Result("2\n", ERROR_REPORT.format(line=2), 4),
        Result("1\n", ERROR_REPORT.format(line=3), 4),
        Result("1\n", ERROR_REPORT.format(line=2).replace("nobody", "somebody"), 4),
        Result("1\n", ERROR_REPORT.format(line=2), 0),
        Result("1\n", "", 4),
        Result("", ERROR_REPORT.format(line=2), 4),
    ],
    ids=["output", "line", "message", "exit code", "no error", "no output"],
)
def test_a_result_that_differs_from_the_comments_is_caught(tmp_path: Path, result: Result) -> None:
    path = tmp_path / "program.ruff"
    path.write_text("print(1)  # expect: 1\nnobody  # expect error: Undefined variable: nobody\n")
    program = read_program(path)
    check(program, Result("1\n", ERROR_REPORT.format(line=2), 4))
    with pytest.raises(AssertionError):
        check(program, result)
