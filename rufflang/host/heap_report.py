"""The collector's statistics, for those who set `RUFFLANG_GC=stats`."""

from __future__ import annotations

from rufflang.host.machine import Machine
from rufflang.interpreter.foreign import Int64, addressof


def heap_report(machine: Machine) -> str:
    """All of them as one line."""
    numbers = (Int64 * 8)()
    machine.functions.heap_statistics(machine.vm, addressof(numbers))
    collections, total, alive, recent, pauses, longest, used, free = numbers
    return (
        f"gc: collections={collections} allocated={total} live={alive} since={recent} "
        f"pause_total_us={pauses // 1000} pause_longest_us={longest // 1000} "
        f"pages_used={used} pages_free={free} allocations={machine.functions.heap_allocations(machine.vm)}"
    )
