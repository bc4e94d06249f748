"""Running one program in several ways inside this process, and telling where they differ.

What matters is the output, the message and line of an uncaught error, the call stack at that point,
and the exit code.

Compiled code is kept in a folder for each way, which is empty at first: code that is loaded would hide what is
wrong with code that would be made.  Only a way that is to be `again` what another one was finds the code of that.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp
from unittest.mock import patch

import rufflang.engine
from rufflang import reference
from rufflang.jit.code_keeping import CodeKeeper
from rufflang.run_options import RunOptions
from rufflang.syntax import Source, check_program, parse
from rufflang.syntax.ast import Program
from tests.cache_folders import link_vm

MEMORY_LIMIT = 256 << 20
OUTPUT_SHOWN = 400


@dataclass(frozen=True, slots=True)
class Way:
    """A way of running: the reference evaluator, or the VM with these thresholds (None: no JIT).

    `mode` is `sync` or, with the JIT in the background, where it is left to chance when code is ready, `on`.
    `collector` is the value of RUFFLANG_GC.  Ways with one `cache` load the code that the first of them has made.
    """

    name: str
    thresholds: tuple[int, int] | None = None
    mode: str = "sync"
    collector: str = ""
    cache: str = ""

    @property
    def folder(self) -> str:
        """The name of the folder with its code."""
        return self.cache or self.name.replace("/", "-")

    def again(self) -> Way:
        """Running that way once more, with the code that the first time has left."""
        return replace(self, name=f"{self.name}, again", cache=self.folder)


REFERENCE = Way("reference")
INTERPRETER = Way("interpreter")
AT_ONCE = Way("at once", (1, 1))
DEFAULT = Way("default", (100, 1000))
BACKGROUND = Way("background", (2, 5), "on")
STRESS = Way("collector stress", (4, 6), collector="stress")
EARLY = tuple(Way(f"early {pair[0]}/{pair[1]}", pair) for pair in ((2, 3), (40, 300), (5, 20), (20, 7)))


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


Version = tuple[Program, Source, Behaviour]
"""A program, and how it has to behave."""


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
        options = RunOptions(jit=jit, jit_threshold=calls, loop_threshold=jumps, max_memory_bytes=MEMORY_LIMIT)
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(io.StringIO()):
            outcome = rufflang.engine.run_program(program, source, options)
    error = outcome.error
    report = ""
    if error is not None:
        names = error.call_stack
        report = f"{error.message} (line {error.line}, in {len(names)} calls: {names[:9]} … {names[-9:]})"
    return Behaviour(output.getvalue(), report, outcome.exit_code)


def difference(versions: list[Version], ways: tuple[Way, ...], folder: Path) -> Difference | None:
    """The first of these ways that does not behave as expected, in `folder`, where compiled code is kept.

    All versions of a program run each in all ways before the next one does; if there are several, each finds the code
    of those before it.
    """
    own = Path(mkdtemp(dir=folder))
    runs = [(version, way) for version in versions for way in ways]
    for number, ((program, source, expected), way) in enumerate(runs):
        with _cache(way, [later for _, later in runs[number + 1 :]], folder, own):
            actual = behaviour(program, source, way)
        if actual != expected and "Memory limit" not in actual.error:
            return Difference(way, expected, actual)
    shutil.rmtree(own, ignore_errors=True)
    return None


@contextlib.contextmanager
def _cache(way: Way, later: list[Way], folder: Path, own: Path) -> Iterator[None]:
    """Has code of a way kept in the program's `own` folder, as libraries where one of the `later` ways loads it."""
    # The process that makes code in the background writes where it began to.
    place = (own if way.mode == "sync" else folder) / way.folder
    link_vm(place)
    is_wanted = any(other.folder == way.folder for other in later)
    keep = patch.object(CodeKeeper, "link_later", _link_at_once if is_wanted else _forget)
    collector = {"RUFFLANG_GC": way.collector} if way.collector else {}
    with keep, patch.dict(os.environ, {"RUFFLANG_CACHE": str(place), **collector}):
        yield


def _link_at_once(keeper: CodeKeeper, objects: list[tuple[str, bytes]]) -> None:
    for name, data in objects:
        keeper.link_at_once(name, data)


def _forget(keeper: CodeKeeper, objects: list[tuple[str, bytes]]) -> None:
    """Stands in for making libraries that nobody would load."""
