"""The tables that are printed: seconds, ratios with their geometric means, and memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, log
from statistics import median

from benchmarks.comparison import Result
from benchmarks.engines import BASELINE

Results = Mapping[str, Mapping[str, Result]]
"""By benchmark, then by engine."""

_MISSING = "-"
_MEBIBYTE = 1024 * 1024


def format_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows under a header: first column left, the others right, two spaces between."""
    columns = list(zip(header, *rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    lines = []
    for row in (header, *rows):
        first = f"{row[0]:<{widths[0]}}"
        rest = (f"{cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True))
        lines.append("  ".join((first, *rest)))
    return "\n".join(lines)


def geometric_mean(values: Sequence[float]) -> float:
    """The geometric mean of positive numbers, of which there is at least one."""
    return exp(sum(map(log, values)) / len(values))


def start_up(results: Results, engine: str) -> float | None:
    """The median start-up of an engine, over all programs that it completed."""
    found = [by_engine[engine].start_up_seconds for by_engine in results.values() if not by_engine[engine].failure]
    return median(found) if found else None


def seconds_table(results: Results, engines: Sequence[str]) -> str:
    """Seconds of each program without start-up, and the start-up itself."""
    rows = [["start-up", *(_seconds(start_up(results, engine)) for engine in engines)]]
    for name, by_engine in results.items():
        found = [by_engine[engine] for engine in engines]
        rows.append([name, *(_seconds(None if result.failure else result.seconds) for result in found)])
    return format_table(["seconds", *engines], rows)


def _seconds(value: float | None) -> str:
    return _MISSING if value is None else f"{value:.3f}"


def ratios(results: Results, engine: str) -> dict[str, float]:
    """How many times as fast as the baseline `engine` ran each program that both of them completed."""
    found = {}
    for name, by_engine in results.items():
        baseline, result = by_engine[BASELINE], by_engine[engine]
        if baseline.failure is None and result.failure is None:
            found[name] = baseline.seconds / result.seconds
    return found


def ratio_table(results: Results, engines: Sequence[str]) -> str:
    """Speed relative to the baseline, with the geometric mean of each engine at the bottom."""
    by_engine = {engine: ratios(results, engine) for engine in engines}
    rows = []
    for name in results:
        cells = [_ratio(by_engine[engine].get(name)) for engine in engines]
        rows.append([name, *cells])
    means = [geometric_mean(list(found.values())) if found else None for found in by_engine.values()]
    rows.append(["geometric mean", *map(_ratio, means)])
    return format_table([f"times as fast as {BASELINE}", *engines], rows)


def _ratio(value: float | None) -> str:
    if value is None:
        return _MISSING
    return f"{value:.2f}" if value < 100 else f"{value:.0f}"


def memory_table(results: Results, engines: Sequence[str], floor: int) -> str:
    """Peak memory of the processes in MiB; `floor` bytes is the least that could be seen."""
    rows = []
    for name, by_engine in results.items():
        rows.append([name, *(_memory(by_engine[engine], floor) for engine in engines)])
    return format_table(["peak MiB", *engines], rows)


def _memory(result: Result, floor: int) -> str:
    return _MISSING if result.failure else mebibytes(result.peak_bytes, floor)


def mebibytes(peak: int, floor: int) -> str:
    """A memory peak as text; `floor` bytes is the least that could be seen."""
    if peak <= floor:
        return f"<{floor / _MEBIBYTE:.1f}"
    return f"{peak / _MEBIBYTE:.1f}"
