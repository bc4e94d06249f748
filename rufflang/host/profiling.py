"""Watching where a program spends its time: begins and ends the VM's own profile, and reads what is in it.

What the numbers mean is said in `runtime.profile`.  Here they only leave the VM, with what is needed
to understand them when it is gone: the names and the code of the chunks that they speak of.
"""

from __future__ import annotations

import _thread
import ctypes
from array import array
from dataclasses import dataclass, field

from rufflang.bytecode.opcodes import OPCODES
from rufflang.host.machine import Machine
from rufflang.jit.compile_log import Compilation, CompileLog
from rufflang.jit.memory import Memory
from rufflang.source import Source
from rufflang.stdlib.prelude import PRELUDE_NAMES

ENTRY_WORDS = 4
UNKNOWN_PLACE = 0xFFFFFFFF
TRUNCATED = -1
RUNNING, COLLECTING, COMPILING = 0, 1, 2
ACTIVITIES = 3
BEFORE_INSTRUCTION, IN_COMPILED_CODE, AFTER_FAILURE = 0, 1, 2
INTERVAL_NANOSECONDS = 1_000_000
_CONTEXTS, _SAMPLES, _EXITS, _ALLOCATIONS = range(4)

Entry = tuple[int, int, int, int]
"""Two words of a key, how often it came, and the sum of its amounts."""


@dataclass(frozen=True, slots=True)
class ChunkFacts:
    """A function as it was in the VM: its file and line, its code, and the line of each code word (0: unknown)."""

    name: str
    source: Source | None
    line: int
    code: array[int]
    lines: list[int]


@dataclass(slots=True)
class Recording:
    """The profile of one VM.

    Places are `chunk << 32 | code word`, -1 where there is none.  A context is (the entry of its
    caller's or -1, chunk); a sample (context << 4 | activity << 2 | how it was taken, place).
    """

    contexts: list[Entry]
    samples: list[Entry]
    exits: list[Entry]
    allocations: list[Entry]
    nanoseconds: list[int]
    """Spent in each activity."""
    collections: int
    allocated_bytes: int
    pause_total: int
    pause_longest: int
    compilations: list[Compilation]
    chunks: dict[int, ChunkFacts] = field(default_factory=dict)


class Profiler:
    """Records the VMs of one program; afterwards `recordings` has one for each, the main program's last.

    `builtins` has the names of builtin functions by their numbers.
    """

    def __init__(self, *, counts_allocations: bool = False) -> None:
        """`counts_allocations` makes the program much slower."""
        self.recordings: list[Recording] = []
        self.builtins: dict[int, str] = {}
        self._counts_allocations = counts_allocations
        self._logs: dict[int, CompileLog] = {}
        self._ticking: dict[int, _thread.LockType] = {}

    def begin(self, machine: Machine) -> None:
        """Watches a VM that is about to run.  Must be called on its thread."""
        functions, vm = machine.functions, machine.vm
        tables = [functions.library.address(name) for name in ("ruff_dispatch", "ruff_sampling_dispatch")]
        if not functions.ruff_begin_profile(
            vm, *tables, len(OPCODES), INTERVAL_NANOSECONDS, int(self._counts_allocations)
        ):
            raise MemoryError("there is not enough memory for a profile")
        if self._counts_allocations:
            functions.heap_hold_free_lists(vm)
        log = self._logs[vm] = CompileLog(_WaitingNotes(machine))
        if machine.has_jit:
            machine.jit.log = log
        ticking = _thread.allocate_lock()
        ticking.acquire()
        _thread.start_new_thread(self._tick, (machine, ticking))
        self._ticking[vm] = ticking

    def _tick(self, machine: Machine, ticking: _thread.LockType) -> None:
        try:
            machine.functions.ruff_sample_regularly(machine.vm)
        finally:
            ticking.release()

    def stop(self, machine: Machine) -> None:
        """The program has ended; what happens now is no part of it."""
        machine.functions.ruff_end_profile(machine.vm)

    def end(self, machine: Machine) -> None:
        """Takes what is known of a VM, which may still be running but does not exist for much longer."""
        ticking = self._ticking.pop(machine.vm, None)
        if ticking is None:
            return
        self.stop(machine)
        # It reads the VM until it ends, which is soon.
        ticking.acquire()
        rows = machine.runtime.rows
        self.builtins = {row.number: row.name for row in rows}
        self.builtins.update(enumerate(PRELUDE_NAMES, start=len(rows)))
        self.recordings.append(_read(machine, self._logs.pop(machine.vm)))


def _read(machine: Machine, log: CompileLog) -> Recording:
    functions, vm = machine.functions, machine.vm
    statistics = (ctypes.c_int64 * 8)()
    functions.heap_statistics(vm, ctypes.addressof(statistics))
    recording = Recording(
        contexts=_entries(machine, _CONTEXTS),
        samples=_entries(machine, _SAMPLES),
        exits=_entries(machine, _EXITS),
        allocations=_entries(machine, _ALLOCATIONS),
        nanoseconds=[functions.ruff_profile_time(vm, activity) for activity in range(ACTIVITIES)],
        collections=statistics[0],
        allocated_bytes=statistics[1],
        pause_total=statistics[4],
        pause_longest=statistics[5],
        compilations=list(log.compilations),
    )
    for number in _chunks_in(recording):
        recording.chunks[number] = _chunk_facts(machine, number)
    return recording


def _entries(machine: Machine, number: int) -> list[Entry]:
    functions = machine.functions
    tally = functions.ruff_profile_tally(machine.vm, number)
    count = functions.ruff_tally_count(tally)
    if count == 0:
        return []
    words = (ctypes.c_int64 * (ENTRY_WORDS * count)).from_address(functions.ruff_tally_entries(tally))
    numbers = list(words)
    return [
        (numbers[place], numbers[place + 1], numbers[place + 2], numbers[place + 3])
        for place in range(0, len(numbers), ENTRY_WORDS)
    ]


def _chunks_in(recording: Recording) -> set[int]:
    """The numbers of all chunks that a recording speaks of."""
    numbers = {number for _, number, _, _ in recording.contexts}
    numbers.update(place >> 32 for _, place, _, _ in recording.samples)
    numbers.update(place >> 32 for place, *_ in (*recording.exits, *recording.allocations))
    numbers.update(item.number for item in recording.compilations)
    return {number for number in numbers if number >= 0}


def _chunk_facts(machine: Machine, number: int) -> ChunkFacts:
    chunks = machine.chunks
    memory = Memory(machine.functions.library, machine.vm)
    address = chunks.address_of(number)
    index = chunks.index_of(number)
    chunk, lines = chunks[index].chunk, memory.lines(address)
    line = min(filter(None, lines), default=0) if chunk.span is None else chunk.span.line
    return ChunkFacts(chunk.name, chunks.source_of(index), line, array("Q", memory.code(address)), lines)


class _WaitingNotes:
    """Tells the VM's profile when the program waits for the JIT."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._before = RUNNING

    def __call__(self, begins: bool) -> None:
        functions, vm = self._machine.functions, self._machine.vm
        if begins:
            self._before = functions.ruff_profile_activity(vm, COMPILING)
        else:
            functions.ruff_profile_activity(vm, self._before)
