"""Running a program that no earlier run has compiled, or on an engine that remembers none."""

from __future__ import annotations

from rufflang.bytecode.errors import CompileError
from rufflang.cli.execution import execute
from rufflang.cli.failures import CommandFailure, ExitCode
from rufflang.cli.front_end import LoadedProgram, checked_program, compilation_failure, render_all
from rufflang.cli.outcomes import Outcome
from rufflang.run_options import RunOptions
from rufflang.source import Source


def run_fresh(
    source: Source, options: RunOptions, engine: str, as_json: bool, warns_of_types: bool
) -> Outcome | None:
    """Check a program and run it; None if it has static errors, which have been printed as JSON then.

    Raises CommandFailure when it does not parse, has static errors, or is too large.
    """
    loaded = checked_program(source)
    if loaded.static_errors:
        _report_static_errors(loaded, as_json)
        return None
    if warns_of_types and not as_json:
        from rufflang.cli.type_warnings import print_type_warnings

        print_type_warnings(loaded)
    try:
        return execute(loaded.program, source, options, engine)
    except CompileError as error:
        raise compilation_failure(error, source) from None


def _report_static_errors(loaded: LoadedProgram, as_json: bool) -> None:
    from rufflang.cli.reports import static_error_json

    if not as_json:
        raise CommandFailure(ExitCode.RUNTIME, render_all(loaded.static_errors, loaded.source))
    print(static_error_json(loaded.static_errors[0], loaded.source))
