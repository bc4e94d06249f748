"""`python -m tests.differential --minutes N`: compares the ways of running for as long as asked.

Every program that tells two of them apart is reduced and put into a folder, with what it showed.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from tests.differential.generator import program
from tests.differential.reducer import reduced
from tests.differential.running import AT_ONCE, BACKGROUND, DEFAULT, EARLY, INTERPRETER, Way
from tests.differential.workers import Worker


def ways_of(seed: int) -> tuple[Way, ...]:
    """How the program of that number is run: without the JIT, with it early, twice, and with it.

    The second time, code that was compiled the first time is loaded.
    """
    eager = (AT_ONCE, *EARLY, BACKGROUND)
    chosen = eager[seed % len(eager)]
    return INTERPRETER, chosen, Way(f"{chosen.name}, again", chosen.thresholds, chosen.mode), DEFAULT


def main() -> int:
    """Compares, reports, and says with the exit code whether anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.differential", description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0, help="for how long")
    parser.add_argument("--seed", type=int, default=0, help="number of the first program")
    parser.add_argument("--step", type=int, default=1, help="distance to the next program's number")
    parser.add_argument("--count", type=int, default=1 << 60, help="at most so many programs")
    parser.add_argument("--keep", type=Path, default=Path("differences"), help="folder for what is found")
    parser.add_argument("--gc", default="", help="value of RUFFLANG_GC in the processes")
    parser.add_argument("--reduce", type=float, default=60.0, help="seconds for reducing one program")
    arguments = parser.parse_args()
    deadline = time.monotonic() + 60 * arguments.minutes
    seed, compared, found = arguments.seed, 0, 0
    with Worker({"RUFFLANG_GC": arguments.gc}) as worker:
        while time.monotonic() < deadline and compared < arguments.count:
            text = program(seed)
            answer = worker.difference(text, ways_of(seed))
            compared += 1
            if answer is not None:
                found += 1
                print(f"program {seed}: {answer}", flush=True)
                _keep(arguments.keep, seed, text, answer, worker, arguments.reduce)
            seed += arguments.step
    print(f"{compared} programs compared, {found} with differences; the next one is {seed}")
    return 1 if found else 0


def _keep(folder: Path, seed: int, text: str, answer: str, worker: Worker, seconds: float) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{seed}.ruff").write_text(text, encoding="utf-8")
    if answer == "timeout" or seconds <= 0:
        return
    category = answer.split(":")[0]
    names = [way.name for way in ways_of(seed)]
    is_again = category in names and category.endswith("again")
    ways = tuple(way for way in ways_of(seed) if way.name == category or is_again) or ways_of(seed)

    def still_differs(candidate: str) -> bool:
        again = worker.difference(candidate, ways, 10.0)
        return again is not None and again.split(":")[0] == category

    smaller = reduced(text, still_differs, seconds)
    final = worker.difference(smaller, ways)
    print(smaller, final, sep="\n", flush=True)
    (folder / f"{seed}.small.ruff").write_text(f"{smaller}\n/*\n{final}\n*/\n", encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
