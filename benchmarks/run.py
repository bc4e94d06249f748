"""The comparison: the same programs on several engines, as seconds, ratios and memory.

Slow figures fail nothing. The exit code is 1 only if an engine failed or printed another result than
the others, and 2 for a wrong command line.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

if __package__ in (None, ""):
    # Run as a file: the packages are found from the directory above.
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.catalogue import Benchmark, select
from benchmarks.comparison import Clock, Plan, Result, run_in_turns
from benchmarks.engines import BASELINE, DEFAULT_ENGINES, ENGINE_NAMES, Engine, find_engines
from benchmarks.own_cache import OwnCache
from benchmarks.processes import memory_floor
from benchmarks.tables import Results, memory_table, ratio_table, ratios, seconds_table, start_up

OTHERS_ENGINES = ("ruff", "python")
OTHERS_WARM_UP = 3
"""Their machine code is made after a run or two, as they are over so soon."""


def parse_arguments(words: Sequence[str]) -> argparse.Namespace:
    """The command line; leaves the process with exit code 2 if it is wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="benchmarks to run (default: all)")
    parser.add_argument("--others", action="store_true", help="many short programs, in Ruff and Python only")
    parser.add_argument(
        "--engines",
        metavar="A,B,C",
        help=f"engines to compare, of: {', '.join(ENGINE_NAMES)} (default: {','.join(DEFAULT_ENGINES)})",
    )
    parser.add_argument("--runs", type=int, default=5, help="runs of each program (default: 5)")
    parser.add_argument(
        "--warm-up", type=int, help=f"runs before that (default: 0, with --others {OTHERS_WARM_UP})"
    )
    parser.add_argument("--clock", choices=list(Clock), help="default: wall, with --others processor")
    parser.add_argument("--timeout", type=float, default=120.0, help="seconds for one run (default: 120)")
    parser.add_argument("--small", action="store_true", help="tiny sizes: checks results, not speed")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write everything to FILE")
    parser.add_argument("--list", action="store_true", help="name the benchmarks and stop")
    arguments = parser.parse_args(words)
    engines = OTHERS_ENGINES if arguments.others else DEFAULT_ENGINES
    arguments.engines = arguments.engines.split(",") if arguments.engines else list(engines)
    for name in arguments.engines:
        if name not in ENGINE_NAMES:
            parser.error(f"no engine '{name}'; there are: {', '.join(ENGINE_NAMES)}")
    if arguments.runs < 1:
        parser.error("--runs must be at least 1")
    arguments.plan = _plan(arguments)
    try:
        arguments.benchmarks = select(arguments.names, arguments.others)
    except KeyError as error:
        parser.error(f"no benchmark {error}; there are: {', '.join(b.name for b in select([], arguments.others))}")
    return arguments


def _plan(arguments: argparse.Namespace) -> Plan:
    warm_up = arguments.warm_up
    if warm_up is None:
        warm_up = OTHERS_WARM_UP if arguments.others and not arguments.small else 0
    clock = arguments.clock or (Clock.PROCESSOR if arguments.others else Clock.WALL)
    return Plan(arguments.runs, warm_up, Clock(clock), arguments.small, arguments.timeout)


@contextmanager
def _settled(plan: Plan) -> Iterator[Plan]:
    """The plan, if it has a warm-up with a cache of its own: how warm a program is must not depend on earlier days.

    Another process makes the code, and on a busy machine it takes its time.
    """
    if plan.warm_up == 0:
        yield plan
        return
    with OwnCache() as cache:
        os.environ.update(cache.environment)
        yield replace(plan, settle=cache.settle)


def main(words: Sequence[str]) -> int:
    """Run the comparison that the command line asks for; the result is the exit code."""
    arguments = parse_arguments(words)
    if arguments.list:
        for benchmark in select([], arguments.others):
            print(f"{benchmark.name:<16} {benchmark.subject}")
        return 0
    with tempfile.TemporaryDirectory(prefix="ruff-benchmarks-") as build_directory:
        engines, skipped = find_engines(arguments.engines, Path(build_directory))
        for name, reason in skipped.items():
            print(f"skipped {name}: {reason}")
        if not engines:
            return 1
        with _settled(arguments.plan) as plan:
            results = _run_all(arguments.benchmarks, engines, plan)
    _print_tables(results, [engine.name for engine in engines], arguments.small)
    if arguments.json is not None:
        report = json_report(results, skipped, arguments)
        arguments.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return 1 if _print_failures(results) else 0


def _run_all(benchmarks: Sequence[Benchmark], engines: Sequence[Engine], plan: Plan) -> dict[str, dict[str, Result]]:
    results = {}
    for benchmark in benchmarks:
        print(benchmark.name, end=" ", file=sys.stderr, flush=True)
        results[benchmark.name] = run_in_turns(benchmark, engines, plan)
    print(file=sys.stderr)
    return results


def _print_tables(results: Results, engines: Sequence[str], small: bool) -> None:
    if small:
        # Programs that end at once have no ratios.
        print(f"{len(results)} programs at tiny sizes on {', '.join(engines)}")
        return
    print(seconds_table(results, engines))
    if BASELINE in engines:
        print()
        print(ratio_table(results, engines))
    print()
    print(memory_table(results, engines, memory_floor()))


def _print_failures(results: Results) -> bool:
    """Name everything that failed; whether there was anything."""
    failures = [
        f"{name} on {engine}: {result.failure}"
        for name, by_engine in results.items()
        for engine, result in by_engine.items()
        if result.failure is not None
    ]
    if failures:
        print("\nfailed:")
        print("\n".join(failures))
    return bool(failures)


def json_report(results: Results, skipped: dict[str, str], arguments: argparse.Namespace) -> dict[str, object]:
    """Everything that was measured, for other programs to read."""
    engines = list(dict.fromkeys(engine for by_engine in results.values() for engine in by_engine))
    with_ratios = BASELINE in engines and not arguments.small
    return {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "system": platform.system(),
        "runs": arguments.runs,
        "warm_up": arguments.plan.warm_up,
        "clock": arguments.plan.clock,
        "small": arguments.small,
        "start_up_seconds": {engine: start_up(results, engine) for engine in engines},
        "skipped": skipped,
        "baseline": BASELINE,
        "ratios": {engine: ratios(results, engine) for engine in engines} if with_ratios else {},
        "results": {
            name: {engine: _json_result(result) for engine, result in by_engine.items()}
            for name, by_engine in results.items()
        },
    }


def _json_result(result: Result) -> dict[str, object]:
    if result.failure is not None:
        return {"failure": result.failure}
    return {
        "seconds": result.seconds,
        "process_seconds": [measurement.seconds for measurement in result.measurements],
        "processor_seconds": [measurement.processor_seconds for measurement in result.measurements],
        "peak_bytes": result.peak_bytes,
        "output": result.output,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
