"""A chunk's code as the JIT looks at it: what the interpreter has noted in it, and where it may be entered."""

from __future__ import annotations

from itertools import pairwise

from rufflang.bytecode.chunk import PLAIN, Chunk
from rufflang.bytecode.flow import Flow, Instruction, decode
from rufflang.interpreter.control import SEVERAL
from rufflang.interpreter.feedback import (
    ASKED,
    KINDS,
    METHOD_ASKED,
    METHOD_NOT_ONLY_ASKED,
    NOT_ONLY_ASKED,
    NOTED_PIECES,
    STORAGES,
)

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_SUSPENDING = frozenset(("GENERATOR", "YIELD", "ASYNC", "AWAIT"))


def needs_a_frame(chunk: Chunk) -> bool:
    """Whether the code suspends its frame, and so cannot become part of another function's."""
    return any(item.name in _SUSPENDING for item in decode(chunk.code).values())


def length_of(words: Sequence[int]) -> int:
    """How many instructions there are."""
    return len(decode(words))


_NOTED = frozenset(
    ("GET_INDEX", "GET_FIELD", "GET_CELL", "OWN_CELL", "OWN_GLOBAL", "CALL", "CALL_METHOD", "PAYLOAD")
)
_NOTES = 0xFFFF_FFFF_FFFF_0000


def notes_of(item: Instruction, words: Sequence[int]) -> int | None:
    """What the interpreter has noted at an instruction, 0 if it was never executed; None where nothing is noted."""
    if item.name not in _NOTED:
        return None
    notes = 0
    for word in words[item.pc + 1 : item.next]:
        notes |= word & _NOTES
    return notes


def has_been_interpreted(words: Sequence[int]) -> bool:
    """Whether the kind of any result has been noted in the code."""
    return any(item.name in _NOTED and words[item.next - 1] & KINDS for item in decode(words).values())


def has_never_returned(item: Instruction, words: Sequence[int]) -> bool:
    """Whether an instruction is a call that has reached a function, but was never over."""
    word = words[item.next - 1]
    return item.name == "CALL" and word >> 32 not in (0, SEVERAL) and word & KINDS == 0


def waits_for_calls(words: Sequence[int]) -> bool:
    """Whether there is such a call: most likely the function calls itself, and still goes deeper."""
    return any(has_never_returned(item, words) for item in decode(words).values())


_METHOD_CALLED = 0xFFFFFFFF << 32
"""Where a method call notes that it has met a struct."""
_CALLING = frozenset(("CALL", "CALL_METHOD"))


def may_call(item: Instruction, words: Sequence[int]) -> bool:
    """Whether an instruction may call functions or, as far as is noted, ask generators for items."""
    return item.name in _CALLING or (item.name == "FOR_NEXT" and bool(words[item.pc + 1] & ASKED))


def only_asks(item: Instruction, words: Sequence[int]) -> bool:
    """Whether a step of a `for` loop, or a method call, asks a generator, and never did anything else."""
    if item.name == "CALL_METHOD":
        return words[item.pc + 1] & (_METHOD_CALLED | METHOD_ASKED | METHOD_NOT_ONLY_ASKED) == METHOD_ASKED
    return words[item.pc + 1] & (STORAGES | ASKED | NOT_ONLY_ASKED) == ASKED


def calls_between(flow: Flow, words: Sequence[int], start: int, end: int) -> bool:
    """Whether code in [start, end) may do so."""
    return any(may_call(item, words) for pc, item in flow.instructions.items() if start <= pc < end)


def pieces_returned(chunk: Chunk) -> int:
    """How long all arrays are that a function returns, if each is new and some call takes it apart at once; else 0.

    Such a function is worth being compiled so that no array is made (`destructuring`).
    """
    if not chunk.is_taken_apart or chunk.kind != PLAIN:
        return 0
    reached = _reached(chunk)
    targets = {item.target for item in reached} | {handler.target for handler in chunk.handlers}
    lengths = set[int]()
    for before, item in pairwise(reached):
        if item.name == "RETURN":
            is_new = before.name == "NEW_ARRAY" and before.a == item.a and item.pc not in targets
            lengths.add(before.c if is_new else 0)
        elif item.name == "RETURN_NULL":
            lengths.add(0)
    return lengths.pop() if len(lengths) == 1 and max(lengths) <= NOTED_PIECES else 0


def _reached(chunk: Chunk) -> list[Instruction]:
    """The instructions to which ways lead from the start, in the order of the code."""
    code, reached = decode(chunk.code), set[int]()
    open_ways = [0, *(handler.target for handler in chunk.handlers)]
    while open_ways:
        pc = open_ways.pop()
        while pc in code and pc not in reached:
            reached.add(pc)
            item = code[pc]
            if item.target is not None:
                open_ways.append(item.target)
            if not item.falls_through:
                break
            pc = item.next
    return [item for pc, item in code.items() if pc in reached]


def resume_points(flow: Flow) -> list[int]:
    """Where a generator's body is entered: behind the instruction that makes the generator, and behind each yield."""
    return [item.next for item in flow.instructions.values() if item.name in ("GENERATOR", "YIELD")]
