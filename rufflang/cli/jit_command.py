"""`rufflang jit`: run a program and show what the JIT compiler made of its hot code."""

from __future__ import annotations

import sys

from rufflang.bytecode.chunk import Unit, all_chunks
from rufflang.cli.arguments import Arguments, Command, Option, UsageError, integer_value
from rufflang.cli.bytecode_of import bytecode_of, imports_modules
from rufflang.cli.front_end import LoadedProgram, load_program
from rufflang.cli.jit_report import COMMON_PARTS, PARTS, JitReport
from rufflang.cli.reports import render_runtime_error
from rufflang.jit.journal import Journal
from rufflang.run_options import DEFAULT_JIT_THRESHOLD, DEFAULT_LOOP_THRESHOLD, RunOptions
from rufflang.stdlib.prelude import PRELUDE_NAMES

TOP_LEVEL = "<top level>"

COMMAND = Command(
    "jit",
    "FILE [options] [-- ARGS...]",
    "Run a program and show the machine code made for it.",
    (
        Option(("--function",), f"show only this function; the script itself is '{TOP_LEVEL}'", "NAME"),
        Option(("--show",), "show only the facts, or them and one form of the code", "|".join(PARTS), PARTS),
        Option(("--jit-threshold",), f"calls that make it hot (default: {DEFAULT_JIT_THRESHOLD})", "N"),
        Option(("--loop-threshold",), f"iterations, the same (default: {DEFAULT_LOOP_THRESHOLD})", "N"),
    ),
    "The facts are why it was compiled or refused, and for which kinds of values. Code is shown as it was\n"
    "emitted, after LLVM's optimisation, and as assembly. The program's own output comes first; compilation\n"
    "is done at once, as with run --jit sync. The exit code is the program's.",
)


def perform(arguments: Arguments) -> int:
    """Run the program that the command line names, then report on its code; the result is the exit code."""
    if not arguments.operands:
        raise UsageError("no FILE given")
    loaded = load_program(arguments.operands[0])
    unit, _ = bytecode_of(loaded)
    wanted = _wanted_function(arguments, unit)
    options = _run_options(arguments)
    journal = Journal()
    exit_code = _run(loaded, options, journal)
    parts = COMMON_PARTS.get(part := arguments.options.get("--show", "all"), (part,))
    print(JitReport(journal, options, [chunk.name for chunk in all_chunks(unit.main)], parts).text(wanted))
    return exit_code


def _wanted_function(arguments: Arguments, unit: Unit) -> str | None:
    """The name of the one function to show; empty for the top level, None for everything."""
    name = arguments.options.get("--function")
    if name is None:
        return None
    if name == TOP_LEVEL:
        return ""
    names = {chunk.name for chunk in all_chunks(unit.main)}
    if name not in names and name not in PRELUDE_NAMES and not imports_modules(unit):
        raise UsageError(f"the program has no function named '{name}'")
    return name


def _run_options(arguments: Arguments) -> RunOptions:
    return RunOptions(
        arguments=(*arguments.operands[1:], *arguments.trailing),
        jit="sync",
        jit_threshold=integer_value(arguments, "--jit-threshold", DEFAULT_JIT_THRESHOLD),
        loop_threshold=integer_value(arguments, "--loop-threshold", DEFAULT_LOOP_THRESHOLD),
    )


def _run(loaded: LoadedProgram, options: RunOptions, journal: Journal) -> int:
    from rufflang.engine import run_program

    outcome = run_program(loaded.program, loaded.source, options, journal)
    sys.stdout.flush()
    if outcome.error is not None:
        print(render_runtime_error(outcome.error, outcome.error.source or loaded.source), file=sys.stderr, flush=True)
    return outcome.exit_code
