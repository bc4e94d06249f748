"""Choosing the engine that executes a program.

Engines are imported only when chosen. Each is a function from a checked program to its outcome and
knows nothing of the command line.
"""

from __future__ import annotations

# Type checkers take this for true; importing `typing` to say so would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rufflang.cli.outcomes import Outcome
    from rufflang.run_options import RunOptions
    from rufflang.syntax.ast import Program
    from rufflang.syntax.source import Source


def execute_known(source: Source, options: RunOptions, engine: str) -> Outcome | None:
    """Run a source that the same engine has run before and remembers; None when it does not.

    Raises what `execute` raises.
    """
    if engine != "vm":
        return None
    from rufflang.engine import run_known

    return run_known(source, options)


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
    )


def _run_vm(program: Program, source: Source, options: RunOptions) -> Outcome:
    from rufflang.engine import run_program

    return run_program(program, source, options)


_ENGINES: dict[str, Callable[..., Outcome]] = {
    "vm": _run_vm,
    "reference": _run_reference,
}

ENGINE_NAMES = tuple(_ENGINES)
DEFAULT_ENGINE = "vm"


def execute(program: Program, source: Source, options: RunOptions, engine: str = DEFAULT_ENGINE) -> Outcome:
    """Run a checked program to its end on the engine of that name.

    Errors of the program are part of the outcome; KeyboardInterrupt and faults of the engine itself
    are raised.
    """
    return _ENGINES[engine](program, source, options)


def execute_each(
    programs: Iterable[Program], source: Source, options: RunOptions, engine: str
) -> Iterator[Outcome]:
    """Run checked programs made from one source, each in a world of its own, as outcomes are asked for.

    Raises what `execute` raises.
    """
    if engine == "vm":
        from rufflang.engine import run_each

        return run_each(programs, source, options)
    return (execute(program, source, options, engine) for program in programs)
