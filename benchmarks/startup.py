"""What it takes to start: `print("hello")` in Ruff next to a Python process that does nothing.

The figures fail nothing; the exit code is 1 only if a command did not run.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

if __package__ in (None, ""):
    # Run as a file: the packages are found from the directory above.
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.catalogue import PROGRAMS
from benchmarks.engines import PROJECT, ruff_command
from benchmarks.processes import Measurement, measure, memory_floor
from benchmarks.tables import format_table, mebibytes

HELLO = str(PROGRAMS / "hello.ruff")
BASELINE = "python -c pass"

COMMANDS = {
    BASELINE: [sys.executable, "-c", "pass"],
    'ruff print("hello")': [*ruff_command("--engine", "vm"), HELLO],
    'ruff --jit off print("hello")': [*ruff_command("--engine", "vm", "--jit", "off"), HELLO],
}

_SECONDS_PER_RUN = 60.0


def run_in_turns(runs: int) -> dict[str, list[Measurement]]:
    """Run each command `runs` times, taking turns, after one run each to warm the file caches.

    Raises RuntimeError if a command fails.
    """
    measurements: dict[str, list[Measurement]] = {name: [] for name in COMMANDS}
    for turn in range(runs + 1):
        for name, command in COMMANDS.items():
            measurement = measure(command, PROJECT, _SECONDS_PER_RUN)
            if measurement.failure is not None:
                raise RuntimeError(f"{name}: {measurement.failure}")
            if turn > 0:
                measurements[name].append(measurement)
    return measurements


def start_up_table(measurements: dict[str, list[Measurement]]) -> str:
    """Median, best and processor milliseconds, the ratio of medians to the baseline, and the median memory peak."""
    floor = memory_floor()
    baseline = median(m.seconds for m in measurements[BASELINE])
    rows = []
    for name, found in measurements.items():
        middle = median(m.seconds for m in found)
        figures = (middle, min(m.seconds for m in found), median(m.processor_seconds for m in found))
        milliseconds = [f"{seconds * 1000:.1f}" for seconds in figures]
        peak = mebibytes(int(median(m.peak_bytes for m in found)), floor)
        rows.append([name, *milliseconds, f"{middle / baseline:.2f}", peak])
    return format_table(["start-up", "median ms", "best ms", "processor ms", "ratio", "peak MiB"], rows)


def main(words: Sequence[str]) -> int:
    """Measure and print; the result is the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.startup", description=__doc__)
    parser.add_argument("--runs", type=int, default=20, help="runs of each command (default: 20)")
    arguments = parser.parse_args(words)
    if arguments.runs < 1:
        parser.error("--runs must be at least 1")
    try:
        measurements = run_in_turns(arguments.runs)
    except RuntimeError as error:
        print(f"failed {error}")
        return 1
    print(start_up_table(measurements))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
