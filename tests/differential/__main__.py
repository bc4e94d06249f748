"""`python -m tests.differential --minutes N`: compares the ways of running for as long as asked.

Every program that tells two of them apart is reduced and put into a folder, with what it showed.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from tests.differential.edits import versions
from tests.differential.generator import program
from tests.differential.looping import loops
from tests.differential.mutation import variation
from tests.differential.reducer import reduced
from tests.differential.running import AT_ONCE, BACKGROUND, DEFAULT, EARLY, INTERPRETER, STRESS, Way
from tests.differential.workers import ENDLESS, Worker

FULLY = 4
"""One of so many programs is run with the JIT, which takes ten times as long as without."""


def ways_of(seed: int) -> tuple[Way, ...]:
    """How the program of that number is run: without the JIT, with it early, perhaps twice, and with it.

    The second time, code that was compiled the first time is loaded.
    """
    eager = (AT_ONCE, *EARLY, BACKGROUND)
    chosen = eager[seed % len(eager)]
    further = (DEFAULT, STRESS, DEFAULT, chosen.again())[seed // len(eager) % 4]
    return INTERPRETER, chosen, further


def main() -> int:
    """Compares, reports, and says with the exit code whether anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.differential", description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0, help="for how long")
    parser.add_argument("--seed", type=int, default=0, help="number of the first program")
    parser.add_argument("--step", type=int, default=1, help="distance to the next program's number")
    parser.add_argument("--count", type=int, default=1 << 60, help="at most so many programs")
    parser.add_argument("--keep", type=Path, default=Path("differences"), help="folder for what is found")
    parser.add_argument("--vary", action="store_true", help="variations of the conformance programs instead")
    parser.add_argument("--loops", action="store_true", help="loops over arrays and texts instead")
    parser.add_argument("--edit", action="store_true", help="edited programs instead, with one cache for all versions")
    parser.add_argument("--interpreter", action="store_true", help="only without the JIT: far more programs")
    parser.add_argument("--gc", default="", help="value of RUFFLANG_GC in the processes")
    parser.add_argument("--reduce", type=float, default=60.0, help="seconds for reducing one program")
    arguments = parser.parse_args()
    deadline = time.monotonic() + 60 * arguments.minutes
    seed, compared, found = arguments.seed, 0, 0
    with Worker({"RUFFLANG_GC": arguments.gc}) as worker:
        while time.monotonic() < deadline and compared < arguments.count:
            if arguments.edit:
                answer = _compare_versions(seed, worker, arguments.keep)
                compared += 1
                found += answer not in (None, ENDLESS)
                seed += arguments.step
                continue
            text = variation(seed) if arguments.vary else loops(seed) if arguments.loops else program(seed)
            is_short = arguments.interpreter or (compared % FULLY and not arguments.loops)
            ways = (INTERPRETER,) if is_short else ways_of(seed // FULLY)
            answer = worker.difference(text, ways)
            compared += 1
            if answer not in (None, ENDLESS):
                found += 1
                print(f"program {seed}: {answer}", flush=True)
                _keep(arguments.keep / str(seed), text, answer, worker, ways, arguments.reduce)
            seed += arguments.step
    print(f"{compared} programs compared, {found} with differences; the next one is {seed}")
    return 1 if found else 0


def ways_of_versions(seed: int) -> tuple[Way, ...]:
    """How each version of the program of that number is run, twice: with the code that earlier runs have left."""
    chosen = (AT_ONCE, DEFAULT, *EARLY)[seed % (2 + len(EARLY))]
    return chosen, chosen.again()


def _compare_versions(seed: int, worker: Worker, place: Path) -> str | None:
    """What is different with the versions of a program, which then are put into a folder."""
    texts = versions(seed)
    answer = worker.difference(texts, ways_of_versions(seed), 180.0)
    if answer not in (None, ENDLESS):
        print(f"program {seed}: {answer}", flush=True)
        place.mkdir(parents=True, exist_ok=True)
        for number, text in enumerate(texts):
            (place / f"{seed}.{number}.ruff").write_text(text, encoding="utf-8")
    return answer


def _keep(place: Path, text: str, answer: str, worker: Worker, possible_ways: tuple[Way, ...], seconds: float) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.with_suffix(".ruff").write_text(text, encoding="utf-8")
    if answer == "timeout" or seconds <= 0:
        return
    category = answer.split(":")[0]
    # Running again needs a run before it.
    is_again = category.endswith("again")
    ways = tuple(way for way in possible_ways if way.name == category or is_again) or possible_ways

    def still_differs(candidate: str) -> bool:
        again = worker.difference(candidate, ways, 10.0)
        return again is not None and again.split(":")[0] == category

    smaller = reduced(text, still_differs, seconds)
    final = worker.difference(smaller, ways)
    print(smaller, final, sep="\n", flush=True)
    place.with_suffix(".small.ruff").write_text(f"{smaller}\n/*\n{final}\n*/\n", encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
