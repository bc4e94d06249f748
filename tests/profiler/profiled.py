"""Running programs with a profiler in this process."""

from __future__ import annotations

import textwrap

from rufflang.cli.front_end import checked_program
from rufflang.engine import run_program
from rufflang.host.profiling import Profiler
from rufflang.profiler.report import Report
from rufflang.profiler.samples import Profile
from rufflang.profiler.totals import Total, Totals, totals_of
from rufflang.run_options import RunOptions
from rufflang.syntax import Source

NAME = "program.ruff"


class Profiled:
    """What was found out about a run."""

    def __init__(self, text: str, *, counts_allocations: bool = False, **options: str | int | float) -> None:
        self.source = Source(NAME, textwrap.dedent(text))
        loaded = checked_program(self.source)
        assert not loaded.static_errors
        profiler = Profiler(counts_allocations=counts_allocations)
        self.outcome = run_program(
            loaded.program, self.source, RunOptions(**options), profiler=profiler  # type: ignore[arg-type]
        )
        self.profiles = [Profile(recording, profiler.builtins) for recording in reversed(profiler.recordings)]
        self.samples = [sample for profile in self.profiles for sample in profile.samples()]
        self.totals: Totals = totals_of(self.samples)

    @property
    def functions(self) -> list[str]:
        """Names of functions, the one with the most time of its own first."""
        ranked = sorted(self.totals.functions.items(), key=lambda item: -item[1].seconds)
        return [function.name for function, _ in ranked]

    def function(self, name: str) -> Total:
        """The sums of the function of that name."""
        (total,) = [total for function, total in self.totals.functions.items() if function.name == name]
        return total

    def line(self, number: int) -> Total:
        """The sums of a line."""
        found = [total for place, total in self.totals.lines.items() if (place.file, place.line) == (NAME, number)]
        return found[0] if found else Total()

    @property
    def report(self) -> str:
        return Report(self.profiles, self.source).text()
