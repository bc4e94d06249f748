"""Code whose assumptions have failed too often: what it takes to have it made anew, at most a few times."""

from __future__ import annotations

from rufflang.jit.memory import write_word

# Type checkers take this for true; importing these would slow down hot programs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.jit.engine import JitEngine

MAXIMUM_RECOMPILATIONS = 5


def prepare_again(engine: JitEngine, number: int) -> None:
    """Takes the loops of a function out of use, and makes its callers ask before they call it directly."""
    engine.recompilations[number] = engine.recompilations.get(number, 0) + 1
    memory, proto = engine.memory, engine.chunks.address_of(number)
    code, entries = memory.field(proto, "Proto.code"), memory.field(proto, "Proto.loop_entries")
    for position, place in enumerate(engine.outlines.of(proto, memory.code(proto)).loops):
        write_word(entries + 8 * position, 0)
        # Counts from zero once more, so that the loop can get hot again.
        write_word(code + 8 * (place + 1), (position + 1) << 32)
    if memory.field(proto, "Proto.entry") != 0:
        memory.set_field(proto, "Proto.direct_signature", 0)
    if memory.field(proto, "Proto.resume_entry") != 0:
        # The interpreter looks at the kinds of values for a while, and asks once more.
        memory.set_field(proto, "Proto.resume_entry", 0)
        if engine.recompilations[number] < MAXIMUM_RECOMPILATIONS:
            memory.set_field(proto, "Proto.resume_count", 0)
            memory.set_field(proto, "Proto.exit_count", 0)


def listen_again(engine: JitEngine, number: int) -> None:
    """Lets the VM count failed assumptions once more, unless that has been done often enough.

    Calls that are active may go on in the old code, and each may leave it without this being a fault of the new code.
    """
    memory = engine.memory
    if engine.recompilations[number] < MAXIMUM_RECOMPILATIONS:
        active = memory.field(memory.vm, "VM.depth")
        memory.set_field(engine.chunks.address_of(number), "Proto.exit_count", -active)
