"""Running one program in several ways inside this process, and telling where they differ.

What matters is the output, the message and line of an uncaught error, the call stack at that point,
and the exit code.
"""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass

import rufflang.engine
from rufflang import reference
from rufflang.run_options import RunOptions
from rufflang.syntax import Source, check_program, parse
from rufflang.syntax.ast import Program

MEMORY_LIMIT = 256 << 20
OUTPUT_SHOWN = 400


@dataclass(frozen=True, slots=True)
class Way:
    """A way of running: the reference evaluator, or the VM with these thresholds (None: no JIT).

    `mode` is `sync` or, with the JIT in the background, where it is left to chance when code is ready, `on`.
    """

    name: str
    thresholds: tuple[int, int] | None = None
    mode: str = "sync"


REFERENCE = Way("reference")
INTERPRETER = Way("interpreter")
AT_ONCE = Way("at once", (1, 1))
DEFAULT = Way("default", (100, 1000))
BACKGROUND = Way("background", (2, 5), "on")
EARLY = tuple(Way(f"early {pair[0]}/{pair[1]}", pair) for pair in ((2, 3), (3, 2), (5, 20), (20, 7)))


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a program did."""

    output: str
    error: str
    exit_code: int

    def __str__(self) -> str:
        shown = self.output if len(self.output) <= OUTPUT_SHOWN else "…" + self.output[-OUTPUT_SHOWN:]
        return f"exit code {self.exit_code}, {self.error or 'no error'}\n{shown}"


@dataclass(frozen=True, slots=True)
class Difference:
    """Two ways that do not agree."""

    way: Way
    expected: Behaviour
    actual: Behaviour

    def __str__(self) -> str:
        lines = zip(self.expected.output.split("\n"), self.actual.output.split("\n"), strict=False)
        parted = next((f"\n  {left}\n  {right}" for left, right in lines if left != right), "")
        return f"{self.way.name}: expected {self.expected}\nbut got {self.actual}\nfirst difference:{parted}"


def checked(text: str) -> tuple[Program, Source] | None:
    """The program with that text; None when it may not be executed."""
    source = Source("program.ruff", text)
    program = parse(source).program
    return None if program is None or check_program(program) else (program, source)


def behaviour(program: Program, source: Source, way: Way) -> Behaviour:
    """What the program does when it is run that way."""
    output = io.StringIO()
    outcome: reference.Outcome | rufflang.engine.Outcome
    if way == REFERENCE:
        outcome = reference.run(program, source, stdout=output, stderr=io.StringIO())
    else:
        jit, calls, jumps = ("off", 1, 1) if way.thresholds is None else (way.mode, *way.thresholds)
        options = RunOptions(
            jit=jit, jit_threshold=calls, loop_threshold=jumps, max_memory_bytes=MEMORY_LIMIT
        )
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(io.StringIO()):
            outcome = rufflang.engine.run_program(program, source, options)
    error = outcome.error
    report = ""
    if error is not None:
        names = error.call_stack
        report = f"{error.message} (line {error.line}, in {len(names)} calls: {names[:9]} … {names[-9:]})"
    return Behaviour(output.getvalue(), report, outcome.exit_code)


def difference(text: str, ways: tuple[Way, ...]) -> Difference | None:
    """The first of these ways that does not behave as the reference evaluator does."""
    found = checked(text)
    if found is None:
        return None
    expected = behaviour(*found, REFERENCE)
    for way in ways:
        actual = behaviour(*found, way)
        if actual != expected and "Memory limit" not in actual.error:
            return Difference(way, expected, actual)
    return None
