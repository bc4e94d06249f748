"""Taking the measurements: every engine in turn, again and again, and the medians of that.

Turns are taken A B C A B C, so that a machine that slows down for a while slows every engine down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from benchmarks.catalogue import Benchmark
from benchmarks.engines import PROJECT, Engine, EngineFailure
from benchmarks.processes import Measurement, measure

# A difference smaller than this share of the start-up cannot be told from its fluctuation. Counting
# such a program as that long keeps its ratio from being noise, or infinite.
_SMALLEST_SHARE = 0.1
_SHORTEST_SECONDS = 0.0005


@dataclass(slots=True)
class Result:
    """What one engine did with one program; the figures of a failed one mean nothing."""

    measurements: list[Measurement] = field(default_factory=list)
    failure: str | None = None

    @property
    def seconds(self) -> float:
        """The median time of the whole process."""
        return median(measurement.seconds for measurement in self.measurements)

    @property
    def processor_seconds(self) -> float:
        """The median processor time of the whole process, all threads together."""
        return median(measurement.processor_seconds for measurement in self.measurements)

    @property
    def peak_bytes(self) -> int:
        """The median memory peak."""
        return int(median(measurement.peak_bytes for measurement in self.measurements))

    @property
    def output(self) -> str:
        """What the program printed, without the last line end."""
        return self.measurements[0].output.rstrip("\r\n")

    def seconds_beyond(self, start_up: float) -> float:
        """The median time without `start_up`, the time of an empty program; never less than can be told."""
        return max(self.seconds - start_up, start_up * _SMALLEST_SHARE, _SHORTEST_SECONDS)


def run_in_turns(
    benchmark: Benchmark, engines: Sequence[Engine], runs: int, small: bool, timeout: float
) -> dict[str, Result]:
    """Run a program `runs` times with each engine; the results by name of engine.

    `small` runs it at the size that ends at once. An engine is left out after its first failure.
    """
    results = {engine.name: Result() for engine in engines}
    commands = _commands(benchmark, engines, small, results)
    for _ in range(runs):
        for name, command in commands.items():
            result = results[name]
            if result.failure is None:
                measurement = measure(command, PROJECT, timeout)
                result.measurements.append(measurement)
                result.failure = measurement.failure
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
