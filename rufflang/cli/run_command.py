"""`rufflang run`: execute a program."""

from __future__ import annotations

import os
import sys

from rufflang.cli.arguments import Arguments, Command, Option, UsageError, integer_value, size_value
from rufflang.cli.execution import DEFAULT_ENGINE, ENGINE_NAMES, ErrorReport, Outcome, execute, execute_known
from rufflang.cli.failures import CommandFailure, ExitCode
from rufflang.cli.source_files import read_source
from rufflang.run_options import (
    CAPABILITY_FLAGS,
    DEFAULT_JIT_THRESHOLD,
    DEFAULT_LOOP_THRESHOLD,
    DEFAULT_MAX_CALL_DEPTH,
    DEFAULT_SCHEDULER_TIMEOUT_MS,
    Capabilities,
    RunOptions,
)
from rufflang.syntax.spans import Source

# Type checkers take this for true; importing `typing` to say so would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.cli.front_end import LoadedProgram

JIT_MODES = ("on", "off", "sync")

CAPABILITY_OPTIONS = (
    Option(("--untrusted",), "deny everything that no --allow option permits"),
    Option(("--allow-all",), "allow everything, as when no such option is given"),
    *(Option((flag,), f"allow {' and '.join(names)}") for flag, names in CAPABILITY_FLAGS.items()),
)

COMMAND = Command(
    "run",
    "FILE [options] [-- ARGS...]",
    "Execute a program.",
    (
        Option(
            ("--engine",),
            f"what executes the program (default: {DEFAULT_ENGINE})",
            "|".join(ENGINE_NAMES),
            ENGINE_NAMES,
        ),
        Option(("--interpreter",), "the same as --engine reference"),
        Option(("--jit",), "compile hot code to machine code", "|".join(JIT_MODES), JIT_MODES, bare="on"),
        Option(("--jit-threshold",), f"calls that make it hot (default: {DEFAULT_JIT_THRESHOLD})", "N"),
        Option(("--loop-threshold",), f"iterations, the same (default: {DEFAULT_LOOP_THRESHOLD})", "N"),
        Option(("--max-depth",), f"limit of active calls (default: {DEFAULT_MAX_CALL_DEPTH})", "N"),
        Option(("--max-memory",), "limit of memory, such as 64MB (default: most of the machine's)", "SIZE"),
        Option(
            ("--scheduler-timeout-ms",),
            f"limit of waiting for unfinished tasks (default: {DEFAULT_SCHEDULER_TIMEOUT_MS})",
            "N",
        ),
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
    as_json = "--json-runtime-diagnostics" in arguments
    source = read_source(arguments.operands[0])
    engine = _engine(arguments)
    outcome = execute_known(source, options, engine)
    if outcome is None:
        # The front end takes longer to import than many programs take to run.
        from rufflang.cli.front_end import checked_program

        loaded = checked_program(source)
        if loaded.static_errors:
            return _report_static_errors(loaded, as_json)
        outcome = _execute(loaded, options, engine)
    sys.stdout.flush()
    if outcome.error is not None:
        _report_error(outcome.error, source, as_json)
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
        print(runtime_error_json(error, source))
    else:
        print(render_runtime_error(error, source), file=sys.stderr)


def run_options(arguments: Arguments) -> RunOptions:
    """The options of the run as the command line and the environment give them."""
    flags = arguments.options.keys() & {option.names[0] for option in CAPABILITY_OPTIONS}
    return RunOptions(
        arguments=tuple(_as_text(word) for word in (*arguments.operands[1:], *arguments.trailing)),
        capabilities=Capabilities.from_flags(frozenset(flags)),
        max_call_depth=integer_value(arguments, "--max-depth", DEFAULT_MAX_CALL_DEPTH),
        max_memory_bytes=size_value(arguments, "--max-memory"),
        scheduler_timeout_ms=_scheduler_timeout(arguments),
        jit="off" if "DISABLE_JIT" in os.environ else arguments.options.get("--jit", "on"),
        jit_threshold=integer_value(arguments, "--jit-threshold", DEFAULT_JIT_THRESHOLD),
        loop_threshold=integer_value(arguments, "--loop-threshold", DEFAULT_LOOP_THRESHOLD),
    )


def _as_text(word: str) -> str:
    """An argument as a Ruff string: bytes that are not UTF-8 cannot be represented and are replaced."""
    return os.fsencode(word).decode("utf-8", "replace")


def _scheduler_timeout(arguments: Arguments) -> int:
    timeout = integer_value(arguments, "--scheduler-timeout-ms", 0, minimum=0)
    if "--scheduler-timeout-ms" in arguments:
        if timeout == 0:
            raise UsageError("Scheduler timeout must be greater than 0ms")
        return timeout
    environment = os.environ.get("RUFF_SCHEDULER_TIMEOUT_MS", "")
    usable = environment.isascii() and environment.isdigit() and len(environment) <= 18
    return (int(environment) if usable else 0) or DEFAULT_SCHEDULER_TIMEOUT_MS


def _engine(arguments: Arguments) -> str:
    if "--interpreter" in arguments:
        return "reference"
    return arguments.options.get("--engine", DEFAULT_ENGINE)


def _report_static_errors(loaded: LoadedProgram, as_json: bool) -> int:
    from rufflang.cli.front_end import render_all
    from rufflang.cli.reports import static_error_json

    if not as_json:
        raise CommandFailure(ExitCode.RUNTIME, render_all(loaded.static_errors, loaded.source))
    print(static_error_json(loaded.static_errors[0], loaded.source))
    return ExitCode.RUNTIME
