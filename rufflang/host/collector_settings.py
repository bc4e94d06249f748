"""What the environment variable RUFFLANG_GC asks of the collector, for the sake of testing: see `docs/limits.md`."""

from __future__ import annotations

import os
import sys

from rufflang.foreign import Int64, addressof

# Type checkers take this for true; importing it would be a circle.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.host.machine import Machine


def _settings() -> list[str]:
    return os.environ.get("RUFFLANG_GC", "").split(",")


def stress_from_environment() -> int:
    """How often the collector runs: at every n-th allocation, 0 for when there is reason to."""
    return 1 if "stress" in _settings() else 0


def fail_from_environment(machine: Machine) -> None:
    """Has the memory limit count as reached with the allocation of that number, if one is named."""
    for word in _settings():
        name, _, number = word.partition(":")
        if name == "fail" and number.isascii() and number.isdigit() and int(number):
            machine.functions.heap_fail_at(machine.vm, int(number))


def report_as_asked(machine: Machine) -> None:
    """Prints the collector's statistics if they are wanted."""
    if "stats" in os.environ.get("RUFFLANG_GC", ""):
        print(_heap_report(machine), file=sys.stderr)


def _heap_report(machine: Machine) -> str:
    """The statistics as one line."""
    numbers = (Int64 * 8)()
    machine.functions.heap_statistics(machine.vm, addressof(numbers))
    collections, total, alive, recent, pauses, longest, used, free = numbers
    return (
        f"gc: collections={collections} allocated={total} live={alive} since={recent} "
        f"pause_total_us={pauses // 1000} pause_longest_us={longest // 1000} "
        f"pages_used={used} pages_free={free} allocations={machine.functions.heap_allocations(machine.vm)}"
    )
