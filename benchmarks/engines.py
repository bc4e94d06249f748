"""The engines that are compared, and how each one is told to run a program.

An engine that is not on this machine, or that cannot run the empty program, takes no part; it is
named together with the reason.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.catalogue import EMPTY, PROGRAMS, Benchmark
from benchmarks.processes import measure

# The package that is measured is the one that these benchmarks belong to.
PROJECT = PROGRAMS.parent.parent
_PROBE_SECONDS = 60.0


class EngineMissing(Exception):
    """An engine is not here; the text says what was looked for."""


class EngineFailure(Exception):
    """An engine is here but cannot prepare a program."""


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine; `command` gives the words that run a benchmark at its default size."""

    name: str
    command: Callable[[Benchmark], list[str]]


def _program(*words: str, extension: str) -> Callable[[Benchmark], list[str]]:
    """A command that hands the source file to an interpreter."""
    return lambda benchmark: [*words, str(benchmark.source(extension))]


def ruff_command(*options: str) -> list[str]:
    """The words before the file that run a Ruff program; `options` are those of `rufflang run`."""
    return [sys.executable, "-m", "rufflang", "run", *options]


def _ruff(*options: str) -> Callable[[Path], Engine]:
    return lambda _: Engine("", _program(*ruff_command(*options), extension="ruff"))


def _interpreter(executable: str, extension: str) -> Callable[[Path], Engine]:
    def find(_: Path) -> Engine:
        return Engine("", _program(_find(executable), extension=extension))

    return find


def _python(_: Path) -> Engine:
    return Engine("", _program(sys.executable, extension="py"))


def _find(executable: str) -> str:
    path = shutil.which(executable)
    if path is None:
        raise EngineMissing(f"no {executable} on the path")
    return path


def _c(build_directory: Path) -> Engine:
    compiler = _find("gcc")

    def command(benchmark: Benchmark) -> list[str]:
        binary = build_directory / benchmark.name
        if not binary.exists():
            _compile(compiler, benchmark.source("c"), binary)
        return [str(binary)]

    return Engine("", command)


def _compile(compiler: str, source: Path, binary: Path) -> None:
    # Contracted multiply-adds round once instead of twice: another result than everybody else's.
    words = [compiler, "-O2", "-std=c11", "-ffp-contract=off", "-o", str(binary), str(source), "-lm"]
    outcome = subprocess.run(words, capture_output=True, text=True, check=False)
    if outcome.returncode != 0:
        raise EngineFailure(f"cannot compile {source.name}: {outcome.stderr.strip()}")


_FINDERS: dict[str, Callable[[Path], Engine]] = {
    "ruff": _ruff("--engine", "vm", "--jit", "on"),
    "ruff-nojit": _ruff("--engine", "vm", "--jit", "off"),
    "ruff-reference": _ruff("--engine", "reference"),
    "python": _python,
    "c": _c,
    "node": _interpreter("node", "js"),
    "luajit": _interpreter("luajit", "lua"),
    "lua": _interpreter("lua5.1", "lua"),
    "pypy": _interpreter("pypy3", "py"),
}

ENGINE_NAMES = tuple(_FINDERS)
DEFAULT_ENGINES = ("ruff", "ruff-nojit", "python", "c", "node", "luajit", "pypy")
BASELINE = "python"


def find_engines(names: list[str], build_directory: Path) -> tuple[list[Engine], dict[str, str]]:
    """The engines of those names that work here, and for each of the others the reason why not."""
    found: list[Engine] = []
    skipped: dict[str, str] = {}
    for name in names:
        try:
            engine = Engine(name, _FINDERS[name](build_directory).command)
            failure = measure(engine.command(EMPTY), PROJECT, _PROBE_SECONDS).failure
        except (EngineMissing, EngineFailure) as error:
            failure = str(error)
        if failure is None:
            found.append(engine)
        else:
            skipped[name] = failure
    return found, skipped
