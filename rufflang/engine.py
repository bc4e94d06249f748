"""Running Ruff programs on the native VM, from Python.

`run_program` takes a checked program and gives its outcome.  `run_each` is for programs that nobody runs
twice, such as tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rufflang.bytecode.compiler import compile_program
from rufflang.host.compiled_unit import CompiledUnit
from rufflang.host.machine import Machine
from rufflang.host.packing import packed_unit
from rufflang.host.program_keeping import store
from rufflang.host.running import Outcome, run, store_modules
from rufflang.interpreter.native_library import load
from rufflang.run_options import RunOptions
from rufflang.source import Source
from rufflang.stdlib.builtin_table import builtin_table
from rufflang.syntax.ast import Program

# Type checkers take this for true; importing these would slow down runs without them.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.host.profiling import Profiler
    from rufflang.jit.journal import Journal

__all__ = ["Outcome", "run_each", "run_program"]


def run_program(
    program: Program,
    source: Source,
    options: RunOptions,
    journal: Journal | None = None,
    profiler: Profiler | None = None,
) -> Outcome:
    """Runs a checked program to its end, and remembers it for `run_known`.

    What the JIT does is written into the journal, if one is given; a profiler watches the run.

    Raises KeyboardInterrupt when it was interrupted, CompileError when it cannot be compiled, and
    OSError when its output cannot be written.
    """
    machine = Machine(options, source.name)
    if journal is not None:
        machine.jit.journal = journal
    machine.profiler = profiler
    units: list[CompiledUnit] = []

    def compiled() -> CompiledUnit:
        units.append(_compiled(program, source, machine))
        return units[0]

    try:
        return run(machine, compiled, source)
    finally:
        if units:
            store(machine.runtime.stamp, source.name, source.text, units[0])
        store_modules(machine)


def run_each(programs: Iterable[Program], source: Source, options: RunOptions) -> Iterator[Outcome]:
    """Runs checked programs made from one source, each on a VM of its own, as their outcomes are asked for.

    Raises what `run_program` raises.
    """
    runtime = load()

    def outcome(program: Program) -> Outcome:
        machine = Machine(options, source.name, runtime)
        try:
            return run(machine, lambda: _compiled(program, source, machine), source)
        finally:
            store_modules(machine)

    return map(outcome, programs)


def _compiled(program: Program, source: Source, machine: Machine) -> CompiledUnit:
    unit = compile_program(
        program, source, builtin_table(machine.runtime.rows), exports_of=lambda name: machine.imports.exports_of(name)
    )
    return packed_unit(unit)
