"""What `spawn` gains: the same work in blocks that run at once, and one piece after the other.

With as many free processors as blocks, the ratio of the two times is near the number of blocks. On a busy
machine it is less. The figures fail nothing; the exit code is 1 only if the program did not run.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

if __package__ in (None, ""):
    # Run as a file: the packages are found from the directory above.
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.engines import PROJECT, ruff_command
from benchmarks.tables import format_table

PROGRAM = Path(__file__).resolve().parent / "threads.ruff"


def measure(blocks: int, steps: int, repetitions: int) -> list[float]:
    """Milliseconds of the work one after the other, of the work at once, and of starting a block.

    Raises CalledProcessError if the program fails.
    """
    command = [*ruff_command("--engine", "vm"), str(PROGRAM), str(blocks), str(steps), str(repetitions)]
    finished = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    return [float(word) for word in finished.stdout.split()]


def main(words: Sequence[str]) -> int:
    """Measure and print; the result is the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.threads", description=__doc__)
    parser.add_argument("--blocks", type=int, default=os.cpu_count() or 2, help="(default: one a processor)")
    parser.add_argument("--steps", type=int, default=50_000_000, help="of each block (default: 50000000)")
    parser.add_argument("--repetitions", type=int, default=3, help="the best one counts (default: 3)")
    arguments = parser.parse_args(words)
    try:
        serial, parallel, start = measure(arguments.blocks, arguments.steps, arguments.repetitions)
    except subprocess.CalledProcessError as failure:
        print(f"failed {failure.stderr}")
        return 1
    figures = [f"{serial:.0f}", f"{parallel:.0f}", f"{serial / parallel:.2f}", f"{start:.2f}"]
    heads = ["blocks", "in turn ms", "at once ms", "gain", "start of a block ms"]
    print(format_table(heads, [[str(arguments.blocks), *figures]]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
