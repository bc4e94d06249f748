"""What somebody sees who runs a program for the first time, or again after a change: no code has been made for it.

Each program runs with nothing of it in the cache (`first`), again as it is (`again`), and after a line has been added
in front of it that changes nothing it does (`edited`).  The figures are seconds of the wall clock at the size for
measuring, start-up included, and how many times as fast as CPython each is.  They fail nothing; the exit code is 1
only if a program did not run.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import geometric_mean, median

if __package__ in (None, ""):
    # Run as a file: the packages are found from the directory above.
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.catalogue import Benchmark, select
from benchmarks.engines import PROJECT, ruff_command
from benchmarks.own_cache import OwnCache
from benchmarks.processes import measure
from benchmarks.tables import format_table

_SECONDS_PER_RUN = 120.0
_EDIT = "func added_by_an_edit(x) {\n    return x + 1\n}\n"
WAYS = ("first", "again", "edited")


def seconds_of(command: list[str]) -> float:
    """The wall clock for one run.  Raises RuntimeError if it fails."""
    measurement = measure(command, PROJECT, _SECONDS_PER_RUN)
    if measurement.failure is not None:
        raise RuntimeError(f"{' '.join(command)}: {measurement.failure}")
    return measurement.seconds


def seconds_by_way(benchmark: Benchmark, cache: OwnCache, folder: Path) -> list[float]:
    """One run in each of the ways, in their order, and one of CPython."""
    program = folder / f"{benchmark.name}.ruff"
    shutil.copy(benchmark.source("ruff"), program)
    cache.forget_programs()
    results: list[float] = []
    for way in WAYS:
        if way == "edited":
            program.write_text(_EDIT + program.read_text(encoding="utf-8"), encoding="utf-8")
        results.append(seconds_of([*ruff_command(), str(program)]))
        cache.settle()
    return [*results, seconds_of([sys.executable, str(benchmark.source("py"))])]


def main(words: Sequence[str]) -> int:
    """Measure and print; the result is the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.first_runs", description=__doc__)
    parser.add_argument("programs", nargs="*", help="names of benchmarks (default: all)")
    parser.add_argument("--repetitions", type=int, default=3, help="of all this (default: 3)")
    arguments = parser.parse_args(words)
    rows: list[list[str]] = []
    ratios: list[list[float]] = []
    with OwnCache() as cache, tempfile.TemporaryDirectory(prefix="rufflang-first-") as folder:
        os.environ.update(cache.environment)
        try:
            for benchmark in select(arguments.programs):
                runs = [seconds_by_way(benchmark, cache, Path(folder)) for _ in range(arguments.repetitions)]
                *ours, python = (median(column) for column in zip(*runs, strict=True))
                ratios.append([python / seconds for seconds in ours])
                rows.append([benchmark.name, *(f"{s:.3f}" for s in (*ours, python)), *(f"{r:.2f}" for r in ratios[-1])])
        except (KeyError, RuntimeError) as error:
            print(f"failed {error}")
            return 1
    means = [f"{geometric_mean(column):.2f}" for column in zip(*ratios, strict=True)]
    rows.append(["geometric mean", *[""] * (len(WAYS) + 1), *means])
    print(format_table(["program", *WAYS, "CPython", *WAYS], rows))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
