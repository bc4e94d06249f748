"""How long the JIT stops a program at most: the longest time between two steps of one, as it sees that itself.

The program (`pauses.ruff`) does something short again and again and reads the clock in between. Each kind of work is
run with no code in the cache (cold), with what the run before has left there (warm), and without the JIT (off),
which shows what the rest of the machine does to it. A real pause is in every run, so the best run counts most.
The figures fail nothing; the exit code is 1 only if the program did not run.
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

from benchmarks.engines import PROJECT, ruff_command
from benchmarks.own_cache import OwnCache
from benchmarks.tables import format_table

PROGRAM = Path(__file__).resolve().parent / "pauses.ruff"
KINDS = ("loop", "calls", "structs", "texts", "arrays", "closures", "mixture")
WAYS = ("cold", "warm", "off")


def longest_pause(cache: OwnCache, kind: str, way: str, milliseconds: int) -> float:
    """Of one run, in milliseconds.  Raises CalledProcessError if the program fails."""
    if way == "cold":
        cache.forget_code()
    options = ("--jit", "off") if way == "off" else ()
    command = [*ruff_command("--engine", "vm", *options), str(PROGRAM), kind, str(milliseconds)]
    finished = subprocess.run(
        command, cwd=PROJECT, capture_output=True, text=True, check=True, env=cache.environment
    )
    cache.settle()
    return float(finished.stdout.split()[0])


def main(words: Sequence[str]) -> int:
    """Measure and print; the result is the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pauses", description=__doc__)
    parser.add_argument("kinds", nargs="*", choices=[*KINDS, []], metavar="KIND", help=f"of {', '.join(KINDS)}")
    parser.add_argument("--runs", type=int, default=5, help="of each kind in each way (default: 5)")
    parser.add_argument("--milliseconds", type=int, default=700, help="that each run takes (default: 700)")
    arguments = parser.parse_args(words)
    rows: list[list[str]] = []
    try:
        with OwnCache() as cache:
            longest_pause(cache, KINDS[0], "off", 1)  # so that its bytecode is there
            for kind in arguments.kinds or KINDS:
                found: dict[str, list[float]] = {way: [] for way in WAYS}
                for _ in range(arguments.runs):
                    for way in WAYS:
                        found[way].append(longest_pause(cache, kind, way, arguments.milliseconds))
                figures = [figure(found[way]) for figure in (min, median, max) for way in WAYS]
                rows.append([kind, *(f"{value:.1f}" for value in figures)])
    except subprocess.CalledProcessError as failure:
        print(f"failed {failure.stderr}")
        return 1
    heads = [f"{figure} {way}" for figure in ("best", "median", "worst") for way in WAYS]
    print(format_table(["longest pause, ms", *heads], rows))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
