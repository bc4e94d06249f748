"""Sums over samples: by function, by line, by builtin."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from rufflang.profiler.samples import COMPILED, INTERPRETED, Function, Place, Sample


@dataclass(slots=True)
class Total:
    """Time spent in something itself, by how code ran, and the time until it returned."""

    seconds: float = 0.0
    by_mode: dict[str, float] = field(default_factory=dict)
    inclusive: float = 0.0

    def add(self, sample: Sample) -> None:
        """Counts a sample that was taken in the thing itself."""
        self.seconds += sample.seconds
        self.by_mode[sample.mode] = self.by_mode.get(sample.mode, 0.0) + sample.seconds

    @property
    def compiled_share(self) -> float | None:
        """How much of the time in which the program's own code ran was spent in machine code."""
        compiled, interpreted = self.by_mode.get(COMPILED, 0.0), self.by_mode.get(INTERPRETED, 0.0)
        return compiled / (compiled + interpreted) if compiled + interpreted > 0 else None


@dataclass(slots=True)
class Totals:
    """What the samples of a program come to."""

    all: Total = field(default_factory=Total)
    count: int = 0
    functions: dict[Function, Total] = field(default_factory=dict)
    lines: dict[Place, Total] = field(default_factory=dict)
    builtins: dict[str, Total] = field(default_factory=dict)

    def add(self, sample: Sample) -> None:
        """Counts a sample everywhere."""
        self.count += sample.count
        self.all.add(sample)
        for function in dict.fromkeys(sample.stack):
            self.functions.setdefault(function, Total()).inclusive += sample.seconds
        self.functions[sample.stack[-1]].add(sample)
        self.lines.setdefault(sample.place, Total()).add(sample)
        if sample.builtin:
            self.builtins.setdefault(sample.builtin, Total()).add(sample)


def totals_of(samples: Iterable[Sample]) -> Totals:
    """The sums over all samples."""
    totals = Totals()
    for sample in samples:
        totals.add(sample)
    return totals
