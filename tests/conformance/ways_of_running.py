"""The ways in which a program can be run, all of which must behave the same."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.conformance.programs import Program

PROJECT = Path(__file__).parents[2]
TIME_LIMIT_SECONDS = 120
ENVIRONMENT = dict(os.environ)
"""A copy, since programs run on threads and whoever runs the tests goes on changing the original."""


@dataclass(frozen=True, slots=True)
class Engine:
    """A name for reports and the options of `rufflang run` that select this way of running."""

    name: str
    options: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = ()

    @property
    def family(self) -> str:
        """What executes the program: `reference`, or `vm` in one of its modes."""
        return "reference" if self.name == "reference" else "vm"


ENGINES: tuple[Engine, ...] = (
    Engine("reference", ("--engine", "reference")),
    Engine("interpreter", ("--engine", "vm", "--jit", "off")),
    Engine("jit-at-once", ("--engine", "vm", "--jit", "sync", "--jit-threshold", "1", "--loop-threshold", "1")),
    Engine("default", ()),
    Engine("collector-stress", ("--engine", "vm", "--jit", "off"), (("RUFFLANG_GC", "stress"),)),
)


@dataclass(frozen=True, slots=True)
class Result:
    """What a finished run left behind."""

    stdout: str
    stderr: str
    exit_code: int


def run(program: Program, engine: Engine) -> Result:
    """Run `program` with the real command, in the program's own folder."""
    command = [sys.executable, "-m", "rufflang", *program.command, program.path.name, *engine.options]
    if program.arguments:
        command += ["--", *program.arguments]
    search_path = os.pathsep.join(filter(None, (str(PROJECT), ENVIRONMENT.get("PYTHONPATH"))))
    finished = subprocess.run(
        command,
        cwd=program.path.parent,
        input="".join(f"{line}\n" for line in program.stdin).encode(),
        capture_output=True,
        timeout=TIME_LIMIT_SECONDS,
        env={**ENVIRONMENT, "PYTHONPATH": search_path, "RUFFLANG_JIT_CHECK": "1", **dict(engine.environment)},
    )
    return Result(finished.stdout.decode(), finished.stderr.decode(), finished.returncode)
