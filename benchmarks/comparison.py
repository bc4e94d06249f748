"""Taking the measurements: every engine in turn, again and again, and what that amounts to.

Turns are taken A B C A B C, so that a machine that slows down for a while slows every engine down. Right before each
run the same engine runs an empty program, whose time is subtracted: a start-up measured once, at another
minute than the programs, would be wrong for all of them in the same direction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median

from benchmarks.catalogue import EMPTY, Benchmark
from benchmarks.engines import PROJECT, Engine, EngineFailure
from benchmarks.processes import Measurement, measure

# A difference smaller than this share of the start-up cannot be told from its fluctuation. Counting
# such a program as that long keeps its ratio from being noise, or infinite.
_SMALLEST_SHARE = 0.05
_SHORTEST_SECONDS = 0.0005


class Clock(StrEnum):
    """What is read before and after a run."""

    WALL = "wall"
    PROCESSOR = "processor"

    def read(self, measurement: Measurement) -> float:
        """The seconds that a process took by this clock."""
        return measurement.seconds if self is Clock.WALL else measurement.processor_seconds

    def typical(self, seconds: Sequence[float]) -> float:
        """One figure for several: what else a machine does only ever adds to the time of a processor."""
        return median(seconds) if self is Clock.WALL else min(seconds)


@dataclass(slots=True)
class Result:
    """What one engine did with one program; the figures of a failed one mean nothing.

    `starts` are the runs of the empty program, each right before that one of `measurements` at the same place.
    """

    clock: Clock = Clock.WALL
    measurements: list[Measurement] = field(default_factory=list)
    starts: list[Measurement] = field(default_factory=list)
    failure: str | None = None

    @property
    def start_up_seconds(self) -> float:
        """The time of the empty program."""
        return self.clock.typical(list(map(self.clock.read, self.starts)))

    @property
    def seconds(self) -> float:
        """What the runs took longer than the starts before them; never less than can be told."""
        runs, starts = (list(map(self.clock.read, found)) for found in (self.measurements, self.starts))
        if self.clock is Clock.WALL:
            beyond = median(run - start for run, start in zip(runs, starts, strict=True))
        else:
            beyond = self.clock.typical(runs) - self.clock.typical(starts)
        return max(beyond, self.start_up_seconds * _SMALLEST_SHARE, _SHORTEST_SECONDS)

    @property
    def peak_bytes(self) -> int:
        """The median memory peak."""
        return int(median(measurement.peak_bytes for measurement in self.measurements))

    @property
    def output(self) -> str:
        """What the program printed, without the last line end."""
        return self.measurements[0].output.rstrip("\r\n")


@dataclass(frozen=True, slots=True)
class Plan:
    """How each program is run: so often, after so many runs that do not count, measured by that clock.

    `small` runs it at the size that ends at once.  After each run that does not count, `settle` waits until what that
    left to be done is done.
    """

    runs: int
    warm_up: int
    clock: Clock
    small: bool
    timeout: float
    settle: Callable[[], None] = lambda: None


def run_in_turns(benchmark: Benchmark, engines: Sequence[Engine], plan: Plan) -> dict[str, Result]:
    """Run a program with each engine; the results by name of engine, which is left out after its first failure."""
    results = {engine.name: Result(plan.clock) for engine in engines}
    commands = _commands(benchmark, engines, plan.small, results)
    empty = {engine.name: engine.command(EMPTY) for engine in engines}
    for turn in range(plan.warm_up + plan.runs):
        for name, command in commands.items():
            result = results[name]
            if result.failure is not None:
                continue
            if turn < plan.warm_up:
                result.failure = measure(command, PROJECT, plan.timeout).failure
                plan.settle()
            else:
                result.starts.append(measure(empty[name], PROJECT, plan.timeout))
                result.measurements.append(measure(command, PROJECT, plan.timeout))
                result.failure = result.starts[-1].failure or result.measurements[-1].failure
    _compare_outputs(results)
    return results


def _commands(
    benchmark: Benchmark, engines: Sequence[Engine], small: bool, results: dict[str, Result]
) -> dict[str, list[str]]:
    size = [str(benchmark.small_size)] if small and benchmark.small_size is not None else []
    commands: dict[str, list[str]] = {}
    for engine in engines:
        try:
            commands[engine.name] = [*engine.command(benchmark), *size]
        except EngineFailure as failure:
            results[engine.name].failure = str(failure)
    return commands


def _compare_outputs(results: dict[str, Result]) -> None:
    """Mark as failed whoever printed something else than most engines did."""
    outputs = [result.output for result in results.values() if result.failure is None]
    if not outputs:
        return
    agreed = max(outputs, key=outputs.count)
    for result in results.values():
        if result.failure is not None:
            continue
        differing = [m.output for m in result.measurements if m.output.rstrip("\r\n") != agreed]
        if differing:
            result.failure = f"printed {differing[0].rstrip()!r} where most engines printed {agreed!r}"
