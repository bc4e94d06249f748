"""Running Ruff programs with the JIT: in this process with its journal, or as the real command."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

from rufflang.bytecode.chunk import Chunk, all_chunks
from rufflang.cli.bytecode_of import bytecode_of
from rufflang.cli.front_end import checked_program
from rufflang.engine import Outcome, run_program
from rufflang.jit.journal import Journal, JournalEntry
from rufflang.run_options import RunOptions
from rufflang.syntax import Source
from tests.cli.command import environment

TIME_LIMIT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Compiled:
    """How a program ended, and what the JIT did meanwhile."""

    outcome: Outcome
    entries: list[JournalEntry]

    def of(self, name: str) -> list[JournalEntry]:
        """What was done for one function; `<top level>` has no name."""
        return [entry for entry in self.entries if entry.chunk.name == name]


def run_here(text: str, jit_threshold: int = 100, loop_threshold: int = 1000) -> Compiled:
    """Runs a program in this process, compiling at once."""
    loaded = checked_program(Source("program.ruff", textwrap.dedent(text)))
    assert not loaded.static_errors
    journal = Journal()
    options = RunOptions(jit="sync", jit_threshold=jit_threshold, loop_threshold=loop_threshold)
    return Compiled(run_program(loaded.program, loaded.source, options, journal), journal.entries)


def chunks_of(text: str) -> dict[str, Chunk]:
    """The compiled functions of a program by name; the top level is the empty name."""
    unit, _ = bytecode_of(checked_program(Source("program.ruff", textwrap.dedent(text))))
    return {chunk.name: chunk for chunk in all_chunks(unit.main)}


def run_command(
    folder: Path, text: str, *options: str, variables: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs a program with the real command, in a process of its own."""
    (folder / "program.ruff").write_text(textwrap.dedent(text), encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "rufflang", "run", "program.ruff", *options],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT_SECONDS,
        env=environment(**(variables or {})),
    )


def loop_of(text: str) -> list[str]:
    """The lines of emitted LLVM text that can run again: from the first loop header to the jump back to it.

    Blocks that leave the function are dropped: they run once at most.
    """
    blocks: dict[str, list[str]] = {}
    name = ""
    for line in text.split("define ", 1)[1].splitlines()[1:]:
        if line == "}":
            break
        if line.endswith(":") and not line.startswith(" "):
            name = line[:-1]
        else:
            blocks.setdefault(name, []).append(line.strip())
    header = next(label for label in blocks if label.startswith("loop"))
    again = {header}
    while True:
        more = {label for label, lines in blocks.items() if any(f"%{target}" in _targets(lines) for target in again)}
        if more <= again:
            break
        again |= more
    reached, waiting = set[str](), [header]
    while waiting:
        label = waiting.pop()
        if label in again and label not in reached:
            reached.add(label)
            waiting += [target.removeprefix("%") for target in _targets(blocks[label])]
    return [line for label, lines in blocks.items() if label in reached for line in lines]


def _targets(lines: list[str]) -> list[str]:
    last = lines[-1] if lines else ""
    return [word.rstrip(",") for word in last.split() if word.startswith("%")] if last.startswith("br ") else []
