"""`rufflang test-run`: run the test blocks of a file, each in a fresh environment."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

from rufflang.bytecode.errors import CompileError
from rufflang.cli.arguments import Arguments, Command, Option, UsageError
from rufflang.cli.execution import execute_each
from rufflang.cli.failures import CommandFailure, ExitCode
from rufflang.cli.front_end import LoadedProgram, compilation_failure, load_program, render_all
from rufflang.cli.outcomes import Outcome
from rufflang.cli.reports import render_runtime_error
from rufflang.cli.run_settings import CAPABILITY_OPTIONS, EXECUTION_OPTIONS, engine_name, run_options
from rufflang.cli.test_report import TestResult, report
from rufflang.syntax import ast
from rufflang.syntax.test_suite import collect_tests, programs_of

COMMAND = Command(
    "test-run",
    "FILE [options] [-- ARGS...]",
    "Run the test blocks of a file.",
    (
        Option(("--verbose", "-v"), "list every test with its duration"),
        Option(("--filter",), "run only tests whose name contains TEXT", "TEXT"),
        *EXECUTION_OPTIONS,
        *CAPABILITY_OPTIONS,
    ),
    "Limits hold for each test by itself. The exit code is 0 if all tests passed, 1 if one failed, 4 if\n"
    "there is none.",
)


def perform(arguments: Arguments) -> int:
    """Run the tests of the file that the command line names; the result is the exit code."""
    if not arguments.operands:
        raise UsageError("no FILE given")
    options, engine = run_options(arguments), engine_name(arguments)
    path, wanted = arguments.operands[0], arguments.options.get("--filter", "")
    loaded = load_program(path)
    if loaded.static_errors:
        raise CommandFailure(ExitCode.RUNTIME, render_all(loaded.static_errors, loaded.source))
    cases = [case for case in collect_tests(loaded.program) if wanted in case.name]
    if not cases:
        print(f"No tests found in {path}" + (f" with a name that contains '{wanted}'" if wanted else ""))
        return ExitCode.RUNTIME
    options.report_block_error = lambda error: print(
        render_runtime_error(error, error.source or loaded.source), file=sys.stderr
    )
    programs = programs_of(cases, loaded.program)
    results = list(_results(loaded, cases, execute_each(programs, loaded.source, options, engine)))
    sys.stdout.flush()
    print(report(results, verbose="--verbose" in arguments))
    passed = all(result.failure is None for result in results)
    return ExitCode.SUCCESS if passed else ExitCode.NEGATIVE_ANSWER


def _results(
    loaded: LoadedProgram, cases: list[ast.TestCase], outcomes: Iterator[Outcome]
) -> Iterator[TestResult]:
    for case in cases:
        start = time.perf_counter()
        try:
            outcome = next(outcomes)
        except CompileError as error:
            raise compilation_failure(error, loaded.source) from None
        yield TestResult(case.name, _failure(outcome), time.perf_counter() - start)


def _failure(outcome: Outcome) -> str | None:
    """Why a test failed; None if it passed."""
    if outcome.error is not None:
        return outcome.error.message
    return f"exit({outcome.exit_code}) was called" if outcome.called_exit else None
