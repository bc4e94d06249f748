"""What the JIT does to programs that run a tenth of a second: never slower, faster once their code has been kept.

Each program runs without the JIT, and then five times with it, the first time with no code in the cache. The figures
are milliseconds of the wall clock and, below, of the processor; and how much code each of those runs made for later
ones: it should soon be none. They fail nothing; the exit code is 1 only if a program did not run.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

if __package__ in (None, ""):
    # Run as a file: the packages are found from the directory above.
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.catalogue import select
from benchmarks.engines import PROJECT, ruff_command
from benchmarks.own_cache import OwnCache
from benchmarks.processes import Measurement, measure
from benchmarks.tables import format_table

SIZES = {
    "sieve": 2_000_000, "word_count": 10, "particles": 2000, "shapes": 1700, "tree_map": 10_000, "closures": 1300,
    "queens": 10, "serialise": 70_000,
}  # fmt: skip
"""Each runs about a tenth of a second in the interpreter, besides the start."""

RUNS_IN_A_ROW = 5
_SECONDS_PER_RUN = 60.0


def run(name: str, size: int, cache: OwnCache, *options: str) -> Measurement:
    """One run of a program.  Raises RuntimeError if it fails."""
    (benchmark,) = select([name])
    command = [*ruff_command("--engine", "vm", *options), str(benchmark.source("ruff")), "--", str(size)]
    measurement = measure(command, PROJECT, _SECONDS_PER_RUN)
    if measurement.failure is not None:
        raise RuntimeError(f"{name}: {measurement.failure}")
    cache.settle()
    return measurement


def rows_of(name: str, size: int, cache: OwnCache, repetitions: int) -> list[list[str]]:
    """The lines of one program."""
    columns: list[list[Measurement]] = [[] for _ in range(RUNS_IN_A_ROW + 1)]
    made: list[list[int]] = [[] for _ in range(RUNS_IN_A_ROW + 1)]
    run(name, size, cache, "--jit", "off")  # so that its bytecode is there
    for _ in range(repetitions):
        cache.forget_code()
        for turn in range(RUNS_IN_A_ROW + 1):
            before = cache.code_count()
            columns[turn].append(run(name, size, cache, *(() if turn else ("--jit", "off"))))
            made[turn].append(cache.code_count() - before)
    clock = [f"{median(m.seconds for m in column) * 1000:.0f}" for column in columns]
    best = [f"{min(m.seconds for m in column) * 1000:.0f}" for column in columns]
    processor = [f"{min(m.processor_seconds for m in column) * 1000:.0f}" for column in columns]
    code = ["", *("/".join(str(count) for count in sorted({min(found), max(found)})) for found in made[1:])]
    return [
        [name, "median", *clock], ["", "best", *best], ["", "processor", *processor], ["", "code made", *code],
    ]  # fmt: skip


def main(words: Sequence[str]) -> int:
    """Measure and print; the result is the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.short_runs", description=__doc__)
    parser.add_argument("programs", nargs="*", help=f"of {', '.join(SIZES)} (default: all)")
    parser.add_argument("--repetitions", type=int, default=5, help="of all this (default: 5)")
    arguments = parser.parse_args(words)
    rows: list[list[str]] = []
    try:
        with OwnCache() as cache:
            os.environ.update(cache.environment)
            for name in arguments.programs or SIZES:
                rows += rows_of(name, SIZES[name], cache, arguments.repetitions)
    except (KeyError, RuntimeError) as error:
        print(f"failed {error}")
        return 1
    print(format_table(["program", "ms", "off", "cold", *(f"run {n}" for n in range(2, RUNS_IN_A_ROW + 1))], rows))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
