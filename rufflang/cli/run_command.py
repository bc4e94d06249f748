"""`rufflang run`: execute a program."""

from __future__ import annotations

import os
import sys

from rufflang.cli.arguments import Arguments, Command, Option, UsageError
from rufflang.cli.execution import execute, execute_known
from rufflang.cli.failures import CommandFailure, ExitCode
from rufflang.cli.run_settings import CAPABILITY_OPTIONS, EXECUTION_OPTIONS, engine_name, run_options
from rufflang.cli.source_files import read_source

# Type checkers take this for true; importing `typing` to say so would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.cli.front_end import LoadedProgram
    from rufflang.cli.outcomes import ErrorReport, Outcome
    from rufflang.run_options import RunOptions
    from rufflang.syntax.source import Source

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
    outcome = execute_known(source, options, engine)
    if outcome is None:
        # The front end takes longer to import than many programs take to run.
        from rufflang.cli.front_end import checked_program

        loaded = checked_program(source)
        if loaded.static_errors:
            return _report_static_errors(loaded, as_json)
        if "--interpreter" in arguments and not as_json:
            from rufflang.cli.type_warnings import print_type_warnings

            print_type_warnings(loaded)
        outcome = _execute(loaded, options, engine)
    sys.stdout.flush()
    if outcome.error is not None:
        _report_error(outcome.error, source, as_json)
    if outcome.is_abandoned:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(outcome.exit_code)
    return outcome.exit_code


def _execute(loaded: LoadedProgram, options: RunOptions, engine: str) -> Outcome:
    from rufflang.bytecode.errors import CompileError
    from rufflang.cli.front_end import compilation_failure

    try:
        return execute(loaded.program, loaded.source, options, engine)
    except CompileError as error:
        raise compilation_failure(error, loaded.source) from None


def _report_error(error: ErrorReport, source: Source, as_json: bool) -> None:
    from rufflang.cli.reports import render_runtime_error, runtime_error_json

    if as_json:
        print(runtime_error_json(error, error.source or source))
    else:
        print(render_runtime_error(error, error.source or source), file=sys.stderr)


def _report_static_errors(loaded: LoadedProgram, as_json: bool) -> int:
    from rufflang.cli.front_end import render_all
    from rufflang.cli.reports import static_error_json

    if not as_json:
        raise CommandFailure(ExitCode.RUNTIME, render_all(loaded.static_errors, loaded.source))
    print(static_error_json(loaded.static_errors[0], loaded.source))
    return ExitCode.RUNTIME
