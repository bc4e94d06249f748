"""What the commands that execute programs let their caller choose, and how that is read."""

from __future__ import annotations

import os

from rufflang.cli.arguments import Arguments, Option, UsageError, integer_value, seconds_value, size_value
from rufflang.run_options import (
    CAPABILITY_FLAGS,
    DEFAULT_JIT_THRESHOLD,
    DEFAULT_LOOP_THRESHOLD,
    DEFAULT_MAX_CALL_DEPTH,
    DEFAULT_SCHEDULER_TIMEOUT_MS,
    Capabilities,
    RunOptions,
)

DEFAULT_ENGINE, REFERENCE_ENGINE = ENGINE_NAMES = ("vm", "reference")
JIT_MODES = ("on", "off", "sync")

CAPABILITY_OPTIONS = (
    Option(("--untrusted",), "deny everything that no --allow option permits"),
    Option(("--allow-all",), "allow everything, as when no such option is given"),
    *(Option((flag,), f"allow {' and '.join(names)}") for flag, names in CAPABILITY_FLAGS.items()),
)

ENGINE_OPTIONS = (
    Option(
        ("--engine",),
        f"what executes the program (default: {DEFAULT_ENGINE})",
        "|".join(ENGINE_NAMES),
        ENGINE_NAMES,
    ),
    Option(("--interpreter",), "the same as --engine reference; run also warns about types first"),
)

MACHINE_OPTIONS = (
    Option(("--jit",), "compile hot code to machine code", "|".join(JIT_MODES), JIT_MODES, bare="on"),
    Option(("--jit-threshold",), f"calls that make it hot (default: {DEFAULT_JIT_THRESHOLD})", "N"),
    Option(("--loop-threshold",), f"iterations, the same (default: {DEFAULT_LOOP_THRESHOLD})", "N"),
    Option(("--timeout",), "limit of the time it may take, such as 1.5 (default: none)", "SECONDS"),
    Option(("--fuel",), "limit of the work it may do, counted the same in every run (default: none)", "N"),
    Option(("--max-depth",), f"limit of active calls (default: {DEFAULT_MAX_CALL_DEPTH})", "N"),
    Option(("--max-memory",), "limit of memory, such as 64MB (default: most of the machine's)", "SIZE"),
    Option(
        ("--scheduler-timeout-ms",),
        f"limit of waiting for unfinished tasks (default: {DEFAULT_SCHEDULER_TIMEOUT_MS})",
        "N",
    ),
)
"""How the virtual machine executes a program, and its limits."""

EXECUTION_OPTIONS = (*ENGINE_OPTIONS, *MACHINE_OPTIONS)


def run_options(arguments: Arguments) -> RunOptions:
    """The options of the run as the command line and the environment give them."""
    flags = arguments.options.keys() & {option.names[0] for option in CAPABILITY_OPTIONS}
    return RunOptions(
        arguments=tuple(_as_text(word) for word in (*arguments.operands[1:], *arguments.trailing)),
        capabilities=Capabilities.from_flags(frozenset(flags)),
        max_call_depth=integer_value(arguments, "--max-depth", DEFAULT_MAX_CALL_DEPTH),
        max_memory_bytes=size_value(arguments, "--max-memory"),
        timeout_seconds=seconds_value(arguments, "--timeout"),
        fuel=integer_value(arguments, "--fuel", 0) or None,
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


def engine_name(arguments: Arguments) -> str:
    """The engine that the command line chooses."""
    if "--interpreter" in arguments:
        return REFERENCE_ENGINE
    return arguments.options.get("--engine", DEFAULT_ENGINE)
