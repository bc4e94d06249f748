"""How long the JIT stops a program at most: the longest time between two steps of one, as it sees that itself.

The program (`pauses.ruff`) does something short again and again and reads the clock in between. Each kind of work is
run with no code in the cache (cold), with what the run before has left there (warm), and without the JIT (off),
which shows what the rest of the machine does to it. A real pause is in every run, so the best run counts most.
Beside that stands how long the processor was busy with a single request for code on the program's thread, at most:
that does not depend on the rest of the machine. The figures fail nothing; the exit code is 1 only if the program did
not run.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

if __package__ in (None, ""):
    # Run as a file: the packages are found from the directory above.
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.engines import PROJECT
from benchmarks.own_cache import OwnCache
from benchmarks.tables import format_table

PROGRAM = Path(__file__).resolve().parent / "pauses.ruff"
KINDS = ("loop", "calls", "structs", "texts", "arrays", "closures", "mixture")
WAYS = ("cold", "warm", "off")


def measure(cache: OwnCache, kind: str, way: str, milliseconds: int) -> tuple[float, float]:
    """The longest pause of one run, and the longest work on a request, in milliseconds.

    Raises CalledProcessError if the program fails.
    """
    if way == "cold":
        cache.forget_code()
    jit = "off" if way == "off" else "on"
    options = ["run", "--jit", jit, str(PROGRAM), kind, str(milliseconds)]
    command = [sys.executable, "-m", "benchmarks.watched_run", *options]
    finished = subprocess.run(
        command, cwd=PROJECT, capture_output=True, text=True, check=True, env=cache.environment
    )
    cache.settle()
    return float(finished.stdout.split()[0]), float(finished.stderr)


def row_of(cache: OwnCache, kind: str, runs: int, milliseconds: int) -> list[str]:
    """The figures of one kind of work."""
    pauses: dict[str, list[float]] = {way: [] for way in WAYS}
    work: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(runs):
        for way in WAYS:
            pause, busy = measure(cache, kind, way, milliseconds)
            pauses[way].append(pause)
            work[way].append(busy)
    figures = [figure(pauses[way]) for figure in (min, median) for way in WAYS]
    figures += [max(work[way]) for way in WAYS if way != "off"]
    return [kind, *(f"{value:.1f}" for value in figures)]


def main(words: Sequence[str]) -> int:
    """Measure and print; the result is the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pauses", description=__doc__)
    parser.add_argument("kinds", nargs="*", choices=[*KINDS, []], metavar="KIND", help=f"of {', '.join(KINDS)}")
    parser.add_argument("--runs", type=int, default=5, help="of each kind in each way (default: 5)")
    parser.add_argument("--milliseconds", type=int, default=700, help="that each run takes (default: 700)")
    arguments = parser.parse_args(words)
    try:
        with OwnCache() as cache:
            measure(cache, KINDS[0], "off", 1)  # so that its bytecode is there
            kinds = arguments.kinds or KINDS
            rows = [row_of(cache, kind, arguments.runs, arguments.milliseconds) for kind in kinds]
    except subprocess.CalledProcessError as failure:
        print(f"failed {failure.stderr}")
        return 1
    heads = [f"{figure} {way}" for figure in ("best", "median") for way in WAYS]
    print(format_table(["longest pause, ms", *heads, "busy cold", "busy warm"], rows))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
