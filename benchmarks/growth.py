"""Whether an update costs more on a large container than on a small one.

Containers are values: each of these updates means "a copy with one change". It must not cost one: the
price of a step at a million elements should be that of a step at a thousand, up to what the memory
caches do. Copying would show as a ratio near a thousand. Reading and sorting stand beside them: the
price of sorting an element grows with the logarithm, twofold here. Likewise what is thrown away at once
should cost the same beside many objects that are kept. The figures fail nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

if __package__ in (None, ""):
    # Run as a file: the packages are found from the directory above.
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.engines import PROJECT, ruff_command
from benchmarks.processes import measure
from benchmarks.tables import format_table

PROGRAM = Path(__file__).resolve().parent / "growth.ruff"

PATTERNS = {
    "array_push": "arr := push(arr, x)",
    "array_write": "arr[i] := v",
    "array_read": "total += arr[i]",
    "array_sort": "sort(arr)",
    "dict_write": "d[k] := v",
    "dict_insert": "d[k] := v (new)",
    "dict_read": "total += d[k]",
    "text_read": 'total += d["k"]',
    "string_append": 's := s + "x"',
    "grid_write": "grid[i][j] := v",
    "field_write": "p.x := v",
    "function_update": "a := update(a, i, v)",
    "garbage": "Thing { … }",
}
"""The functions of growth.ruff, and the update that each one measures."""

ENGINE_OPTIONS = {
    "ruff": ("--engine", "vm", "--jit", "on"),
    "ruff-nojit": ("--engine", "vm", "--jit", "off"),
    "ruff-reference": ("--engine", "reference"),
}


def parse_arguments(words: Sequence[str]) -> argparse.Namespace:
    """The command line; leaves the process with exit code 2 if it is wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="PATTERN", help=f"of: {', '.join(PATTERNS)} (default: all)"
    )
    parser.add_argument("--engine", choices=sorted(ENGINE_OPTIONS), default="ruff", help="(default: ruff)")
    parser.add_argument("--small", type=int, default=1000, help="elements (default: 1000)")
    parser.add_argument("--large", type=int, default=1_000_000, help="elements (default: 1000000)")
    parser.add_argument("--steps", type=int, help="steps per repetition (default: as many as --large)")
    parser.add_argument("--repetitions", type=int, default=5, help="the best one counts (default: 5)")
    parser.add_argument("--timeout", type=float, default=120.0, help="seconds for one figure (default: 120)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures to FILE")
    arguments = parser.parse_args(words)
    for name in arguments.names:
        if name not in PATTERNS:
            parser.error(f"no pattern '{name}'; there are: {', '.join(PATTERNS)}")
    arguments.steps = arguments.large if arguments.steps is None else arguments.steps
    if not 0 < arguments.small < arguments.large <= arguments.steps or arguments.repetitions < 1:
        parser.error("needed: 0 < --small < --large <= --steps and --repetitions of at least 1")
    return arguments


def nanoseconds_per_step(pattern: str, size: int, arguments: argparse.Namespace) -> float | str:
    """The cost of a step on a container of `size` elements; a text if the program failed."""
    numbers = (str(size), str(arguments.steps), str(arguments.repetitions))
    command = [*ruff_command(*ENGINE_OPTIONS[arguments.engine]), str(PROGRAM), pattern, *numbers]
    measurement = measure(command, PROJECT, arguments.timeout)
    return float(measurement.output) if measurement.failure is None else measurement.failure


def main(words: Sequence[str]) -> int:
    """Measure and print; the result is the exit code, which is 1 only if a program failed."""
    arguments = parse_arguments(words)
    rows: list[list[str]] = []
    figures: dict[str, dict[str, float]] = {}
    failures: list[str] = []
    for name, update in PATTERNS.items():
        if arguments.names and name not in arguments.names:
            continue
        small = nanoseconds_per_step(name, arguments.small, arguments)
        large = nanoseconds_per_step(name, arguments.large, arguments)
        if isinstance(small, str) or isinstance(large, str):
            failures.append(f"{name}: {small if isinstance(small, str) else large}")
            continue
        rows.append([update, f"{small:.1f}", f"{large:.1f}", f"{large / small:.2f}"])
        figures[name] = {"small_ns": small, "large_ns": large, "ratio": large / small}
    print(format_table(["ns per step", f"at {arguments.small:,}", f"at {arguments.large:,}", "ratio"], rows))
    for failure in failures:
        print(f"failed {failure}")
    if arguments.json is not None:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
