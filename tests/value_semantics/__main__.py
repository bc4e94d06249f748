"""`python -m tests.value_semantics`: runs every combination of the tables, in every setting, on every engine.

That takes a good while; the test suite runs a choice of them.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.conformance.ways_of_running import ENGINES
from tests.value_semantics.programs import SETTINGS, all_cases, chosen_cases
from tests.value_semantics.running import failures


def main() -> int:
    """Runs, and reports each case that printed something else."""
    parser = argparse.ArgumentParser(prog="python -m tests.value_semantics", description=__doc__)
    parser.add_argument("--per-holding", type=int, default=0, help="so many combinations for each holding only")
    parser.add_argument("--holding", default="", help="only holdings whose name contains this")
    parser.add_argument("--engine", default="", help="only this way of running")
    parser.add_argument("--setting", default="", help="only this setting")
    parser.add_argument("--size", type=int, default=60, help="cases in a program")
    parser.add_argument("--part", default="0/1", help="I/N: every N-th program, from the I-th on")
    arguments = parser.parse_args()
    cases = chosen_cases(arguments.per_holding) if arguments.per_holding else all_cases()
    cases = [case for case in cases if arguments.holding in case.holding.name]
    first, step = map(int, arguments.part.split("/"))
    found = 0
    for start in range(first * arguments.size, len(cases), step * arguments.size):
        group = cases[start : start + arguments.size]
        for setting in SETTINGS:
            for engine in ENGINES:
                if arguments.engine in engine.name and arguments.setting in setting.__name__:
                    with tempfile.TemporaryDirectory() as folder:
                        for failure in failures(group, setting, engine, Path(folder)):
                            found += 1
                            print(f"{setting.__name__}, {engine.name}: {failure}", flush=True)
    print(f"{len(cases)} cases, {found} failures")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
