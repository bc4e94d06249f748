"""The part of the prelude that is written in Ruff, compiled or as an earlier run has left it."""

from __future__ import annotations

from rufflang.host.compiled_unit import CompiledUnit
from rufflang.host.machine import ERROR_TAG
from rufflang.host.program_store import restore
from rufflang.stdlib.prelude_text import prelude_place, prelude_text

# Type checkers take this for true; importing `typing` to say so would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.host.machine import Machine


def prelude_unit(machine: Machine) -> CompiledUnit:
    """The prelude's unit."""
    stamp, place = machine.runtime.stamp, prelude_place()
    # Its text is part of the stamp.
    compiled = restore(stamp, place, "")
    if compiled is None:
        from rufflang.host.program_keeping import store

        compiled = _compiled(machine)
        store(stamp, place, "", compiled)
    return compiled


def load_prelude(machine: Machine, compiled: CompiledUnit) -> None:
    """Loads and runs the Ruff part of the prelude, and connects its functions to their numbers."""
    loaded = machine.loader.load(compiled, None)
    loaded.is_prelude = machine.has_prelude = True
    if machine.functions.ruff_run_prelude(machine.vm, loaded.address) == ERROR_TAG:
        raise RuntimeError(f"the prelude failed: {machine.error().message}")
    for name, number in machine.prelude_numbers.items():
        constant = compiled.global_base + compiled.global_names.index(name)
        machine.functions.ruff_set_builtin_closure(machine.vm, number, loaded.address, constant)


def _compiled(machine: Machine) -> CompiledUnit:
    from rufflang.bytecode.compiler import compile_program
    from rufflang.host.packing import packed_unit
    from rufflang.stdlib.builtin_table import builtin_table
    from rufflang.syntax import Source, parse

    source = Source("prelude.ruff", prelude_text())
    parsed = parse(source)
    assert parsed.program is not None
    unit = compile_program(parsed.program, source, builtin_table(machine.runtime.rows))
    return packed_unit(unit, hidden=True)
