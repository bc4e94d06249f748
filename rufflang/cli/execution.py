"""Choosing the engine that executes a program.

Engines are imported only when chosen. Each is a function from a checked program to its outcome and
knows nothing of the command line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rufflang.cli.outcomes import Outcome
from rufflang.cli.run_settings import REFERENCE_ENGINE
from rufflang.run_options import RunOptions
from rufflang.source import Source
from rufflang.syntax.ast import Program


def _run_reference(program: Program, source: Source, options: RunOptions) -> Outcome:
    from rufflang.reference import run

    return run(
        program,
        source,
        arguments=list(options.arguments),
        max_depth=options.max_call_depth,
        scheduler_timeout_ms=options.scheduler_timeout_ms,
        timeout=None if options.timeout_seconds is None else (options.timeout_seconds, options.time_message),
        fuel=None if options.fuel is None else (options.fuel, options.fuel_message),
        permissions=options.capabilities,
        report_block_error=options.report_block_error,
    )


def _run_vm(program: Program, source: Source, options: RunOptions) -> Outcome:
    from rufflang.engine import run_program

    return run_program(program, source, options)


def execute(program: Program, source: Source, options: RunOptions, engine: str) -> Outcome:
    """Run a checked program to its end on the engine of that name.

    Errors of the program are part of the outcome; KeyboardInterrupt and faults of the engine itself
    are raised.
    """
    return (_run_reference if engine == REFERENCE_ENGINE else _run_vm)(program, source, options)


def execute_each(
    programs: Iterable[Program], source: Source, options: RunOptions, engine: str
) -> Iterator[Outcome]:
    """Run checked programs made from one source, each in a world of its own, as outcomes are asked for.

    Raises what `execute` raises.
    """
    if engine == REFERENCE_ENGINE:
        return (_run_reference(program, source, options) for program in programs)
    from rufflang.engine import run_each

    return run_each(programs, source, options)
