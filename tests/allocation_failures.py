"""Fails every allocation in turn: `python -m tests.allocation_failures [--sample N] [NAME...]`.

Each program of the conformance corpus is run once for each of its allocations, with the memory limit
counting as reached from that one on (`RUFFLANG_GC=fail:N`), in each VM of the program.  It must end with
the memory error or, where nothing looks at the limit any more, as it always does; what it has printed
is then the beginning of what it always prints.  A sample takes the first allocations and spreads the rest.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.cli.command import Result
from tests.conformance.forked import run_forked, seconds_of
from tests.conformance.programs import Program, corpus

NEVER = 1 << 62
REPORT = "[RUFVM001] [vm] Runtime Error: Memory limit of "
STATISTICS = re.compile(r"^gc: .* allocations=(\d+)\n", re.MULTILINE)
MODES = (("--jit", "off"), ("--jit", "sync", "--jit-threshold", "2", "--loop-threshold", "2"))

Runner = Callable[[list[str], Path, str, dict[str, str]], Result]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A run that neither failed as it should nor went on as it always does."""

    program: str
    number: int
    mode: tuple[str, ...]
    result: Result


def programs() -> list[Program]:
    """The programs of the corpus that the VM runs."""
    return [item for item in corpus() if item.command == ["run"] and not item.awaits_a_feature("vm")]


def numbers(count: int, sample: int | None) -> Iterator[int]:
    """The allocations to fail, out of `count`: all, or as many as the sample may have."""
    if sample is None or count <= sample:
        yield from range(1, count + 1)
        return
    first = sample // 2
    yield from range(1, first + 1)
    rest = sample - first
    for index in range(rest):
        yield first + 1 + (count - first - 1) * index // rest


def check(
    program: Program, sample: int | None, mode: tuple[str, ...], run: Runner = run_forked
) -> tuple[int, list[Wrong]]:
    """How many runs there were, and those that were wrong."""
    usual = _run(run, program, mode, f"fail:{NEVER},stats")
    counted = STATISTICS.search(usual.stderr)
    if counted is None:
        # It does not even begin, as its comments should say.
        return 1, [] if usual.exit_code == program.exit_code > 0 else [Wrong(program.name, 0, mode, usual)]
    usual = Result(usual.stdout, STATISTICS.sub("", usual.stderr), usual.exit_code)
    wrong = []
    runs = 1
    for number in numbers(int(counted[1]), sample):
        result = _run(run, program, mode, f"fail:{number}")
        runs += 1
        if not _is_right(result, usual, program):
            wrong.append(Wrong(program.name, number, mode, result))
    return runs, wrong


def _run(run: Runner, program: Program, mode: tuple[str, ...], setting: str) -> Result:
    words = ["run", program.path.name, *mode]
    if program.arguments:
        words += ["--", *program.arguments]
    stdin = "".join(f"{line}\n" for line in program.stdin)
    return run(words, program.path.parent, stdin, {"RUFFLANG_GC": setting})


def _is_right(result: Result, usual: Result, program: Program) -> bool:
    if result == usual:
        return True
    before, found, _ = result.stderr.partition(REPORT)
    if found and "spawn" in program.needs:
        # A block that ends early ends alone, and the others go on without what it would have sent.
        return result.exit_code in (usual.exit_code, 0, 4)
    # Where time decides about the order of lines, a slow machine can make any run unusual.
    announced = "".join(f"{line}\n" for line in program.stdout)
    starts = [text for text in (usual.stdout, announced) if text.startswith(result.stdout)]
    is_beginning = bool(starts) and usual.stderr.startswith(before)
    return bool(found) and result.exit_code == 4 and is_beginning


def main() -> int:
    """Checks the programs whose names contain one of the words, or all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", help="parts of the names of the programs to check (default: all)")
    parser.add_argument("--sample", type=int, help="fail at most so many allocations of each program")
    wanted = parser.parse_args()
    started = time.monotonic()
    total = failures = 0
    for program in programs():
        if wanted.names and not any(name in program.name for name in wanted.names):
            continue
        for mode in MODES:
            runs, wrong = check(program, wanted.sample, mode)
            total += runs
            failures += len(wrong)
            for item in wrong[:3]:
                print(f"{item.program}: allocation {item.number}, {' '.join(item.mode)}: {item.result}", flush=True)
        print(f"{program.name}: {total} runs so far, {failures} wrong", flush=True)
    print(f"{total} runs, {failures} wrong, {seconds_of(started)}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
