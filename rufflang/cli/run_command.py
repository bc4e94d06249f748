"""`rufflang run`: execute a program."""

from __future__ import annotations

import os
import sys

from rufflang.cli.arguments import Arguments, Command, Option, UsageError
from rufflang.cli.run_settings import CAPABILITY_OPTIONS, DEFAULT_ENGINE, EXECUTION_OPTIONS, engine_name, run_options
from rufflang.cli.source_files import read_source

# Type checkers take this for true; importing `typing` to say so would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.cli.outcomes import ErrorReport, Outcome
    from rufflang.run_options import RunOptions
    from rufflang.source import Source

COMMAND = Command(
    "run",
    "FILE [options] [-- ARGS...]",
    "Execute a program.",
    (
        *EXECUTION_OPTIONS,
        Option(("--json-runtime-diagnostics",), "report an uncaught error as JSON on standard output"),
        *CAPABILITY_OPTIONS,
    ),
    "Words after FILE or after -- are the program's arguments. A program is trusted with everything\n"
    "unless --untrusted or an --allow option is given.",
)


def perform(arguments: Arguments) -> int:
    """Run the program that the command line names; the result is the exit code."""
    if not arguments.operands:
        raise UsageError("no FILE given")
    options = run_options(arguments)
    options.has_own_process = arguments.is_of_process
    as_json = "--json-runtime-diagnostics" in arguments
    source = read_source(arguments.operands[0])
    engine = engine_name(arguments)
    options.report_block_error = lambda error: _report_error(error, source, as_json=False)
    outcome = _run_known(source, options) if engine == DEFAULT_ENGINE else None
    if outcome is None:
        # The front end takes longer to import than many programs take to run.
        from rufflang.cli.fresh_run import run_fresh

        outcome = run_fresh(source, options, engine, as_json, warns_of_types="--interpreter" in arguments)
        if outcome is None:
            from rufflang.cli.failures import ExitCode

            return ExitCode.RUNTIME
    sys.stdout.flush()
    if outcome.error is not None:
        _report_error(outcome.error, source, as_json)
    if outcome.is_abandoned:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(outcome.exit_code)
    return outcome.exit_code


def _run_known(source: Source, options: RunOptions) -> Outcome | None:
    from rufflang.host.running import run_known

    return run_known(source, options)


def _report_error(error: ErrorReport, source: Source, as_json: bool) -> None:
    from rufflang.cli.reports import render_runtime_error, runtime_error_json

    if as_json:
        print(runtime_error_json(error, error.source or source))
    else:
        print(render_runtime_error(error, error.source or source), file=sys.stderr)
