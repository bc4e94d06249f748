"""The ways in which a program can be run, all of which must behave the same."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass

from tests.cli.command import Result, environment
from tests.conformance.fork_server import ForkServer
from tests.conformance.forked import SECONDS
from tests.conformance.programs import Program


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


DEFAULT = Engine("default", ())
ENGINES: tuple[Engine, ...] = (
    Engine("reference", ("--engine", "reference")),
    Engine("interpreter", ("--engine", "vm", "--jit", "off")),
    Engine("jit-at-once", ("--engine", "vm", "--jit", "sync", "--jit-threshold", "1", "--loop-threshold", "1")),
    DEFAULT,
    Engine("collector-stress", ("--engine", "vm", "--jit", "off"), (("RUFFLANG_GC", "stress"),)),
)


def run(program: Program, engine: Engine, server: ForkServer | None = None) -> Result:
    """Run `program` in its own folder with the real command, or in a fork of a process that has everything loaded."""
    words = [*program.command, program.path.name, *engine.options]
    if program.arguments:
        words += ["--", *program.arguments]
    stdin = "".join(f"{line}\n" for line in program.stdin)
    variables = {"RUFFLANG_JIT_CHECK": "1", **dict(engine.environment)}
    if server is not None:
        return server.run(words, program.path.parent, stdin, variables)
    finished = subprocess.run(
        [sys.executable, "-m", "rufflang", *words], cwd=program.path.parent, input=stdin.encode(),
        capture_output=True, timeout=SECONDS, env=environment(**variables),
    )  # fmt: skip
    return Result(finished.stdout.decode(), finished.stderr.decode(), finished.returncode)
