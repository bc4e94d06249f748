"""`rufflang profile`: run a program and show where its time goes."""

from __future__ import annotations

import os
import sys

from rufflang.cli.arguments import Arguments, Command, Option, UsageError, integer_value
from rufflang.cli.failures import CommandFailure, ExitCode
from rufflang.cli.front_end import LoadedProgram, compilation_failure, load_program, render_all
from rufflang.cli.outcomes import ErrorReport
from rufflang.cli.output_files import check_writable, write_text_file
from rufflang.cli.reports import render_runtime_error
from rufflang.cli.run_settings import CAPABILITY_OPTIONS, MACHINE_OPTIONS, run_options
from rufflang.engine import Outcome, run_program
from rufflang.host.profiling import Profiler
from rufflang.profiler.report import DEFAULT_ROWS

COMMAND = Command(
    "profile",
    "FILE [options] [-- ARGS...]",
    "Run a program and show where its time goes.",
    (
        Option(("--html", "--flamegraph"), "also write a flame graph, a page for a browser", "OUT"),
        Option(("--out",), "write the report there instead of on standard error", "OUT"),
        Option(("--top",), f"rows of each table (default: {DEFAULT_ROWS})", "N"),
        Option(("--allocations", "--memory"), "count every allocation by line and kind; the program runs much slower"),
        Option(("--cpu",), "show where time goes, as when not given"),
        Option(("--no-cpu",), "leave out functions, lines and builtins"),
        Option(("--no-memory",), "leave out collections and allocations"),
        Option(("--no-jit",), "leave out compilations and exits; the program may still be compiled"),
        *MACHINE_OPTIONS,
        *CAPABILITY_OPTIONS,
    ),
    "The program runs as with the command run, apart from its machine code, which is made afresh. Its own\n"
    "output, errors and exit code are unchanged; Ctrl-C ends it, and then the report follows too.",
)


def perform(arguments: Arguments) -> int:
    """Run the program that the command line names, then report on it; the result is the program's exit code."""
    if not arguments.operands:
        raise UsageError("no FILE given")
    rows = integer_value(arguments, "--top", DEFAULT_ROWS)
    for option in ("--html", "--out"):
        if option in arguments:
            check_writable(arguments.options[option])
    loaded = load_program(arguments.operands[0])
    if loaded.static_errors:
        raise CommandFailure(ExitCode.RUNTIME, render_all(loaded.static_errors, loaded.source))
    counts_allocations = "--allocations" in arguments and "--no-memory" not in arguments
    profiler = Profiler(counts_allocations=counts_allocations)
    try:
        outcome = _run(arguments, loaded, profiler)
    except KeyboardInterrupt:
        _report(arguments, loaded, profiler, rows)
        raise
    if outcome.error is not None:
        _report_error(outcome.error, loaded)
    _report(arguments, loaded, profiler, rows)
    if outcome.is_abandoned:
        os._exit(outcome.exit_code)
    return outcome.exit_code


def _run(arguments: Arguments, loaded: LoadedProgram, profiler: Profiler) -> Outcome:
    from rufflang.bytecode.errors import CompileError

    options = run_options(arguments)
    options.report_block_error = lambda error: _report_error(error, loaded)
    try:
        return run_program(loaded.program, loaded.source, options, profiler=profiler)
    except CompileError as error:
        raise compilation_failure(error, loaded.source) from None
    finally:
        sys.stdout.flush()


def _report_error(error: ErrorReport, loaded: LoadedProgram) -> None:
    print(render_runtime_error(error, error.source or loaded.source), file=sys.stderr)


def _report(arguments: Arguments, loaded: LoadedProgram, profiler: Profiler, rows: int) -> None:
    from rufflang.profiler.flame_graph import flame_graph_page
    from rufflang.profiler.report import PARTS, Report
    from rufflang.profiler.samples import Profile

    profiles = [Profile(recording, profiler.builtins) for recording in reversed(profiler.recordings)]
    parts = [part for part in PARTS if f"--no-{part}" not in arguments]
    text = Report(profiles, loaded.source, rows, parts).text()
    if "--html" in arguments:
        write_text_file(arguments.options["--html"], flame_graph_page(profiles, loaded.source.name))
    if "--out" in arguments:
        write_text_file(arguments.options["--out"], text + "\n")
    else:
        print(text, file=sys.stderr, flush=True)
