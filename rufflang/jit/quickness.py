"""Code in two steps: at first some that is there soon, then the code that stays.

The time that LLVM needs grows with the text it is given, and inlining multiplies that: while a program waits for
its first code, the interpreter runs.  So where code will take long to make, the process that makes it
(`workshop_process`) answers at once with code into which nothing has been inlined and that LLVM has looked at once,
and makes the real one when nobody waits for anything else.  Quick code is not kept for other runs.  It calls
functions, itself included, by what is installed for them at that moment, and its loops end when there is better
code for them (`polling`), so the better code is soon what runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rufflang.bytecode.flow import decode

if TYPE_CHECKING:
    from rufflang.jit.request import CompileRequest

_SHORT = 40
"""So many instructions without calls are compiled at once as they will be."""

_CALLS = frozenset(("CALL", "CALL_METHOD"))

_LINES_WORTH_A_LOOK = 1500
"""Of text; what is longer is not optimised at all in quick code."""

FULL_OPTIMISATION_LINES = 6000
"""Of text; what is longer is optimised less in code that stays."""


def takes_long(request: CompileRequest) -> bool:
    """Whether it will take long to make good code for a request."""
    first, end = request.loop or 0, request.loop_end or len(request.words)
    names = [item.name for pc, item in decode(request.words).items() if first <= pc < end]
    return len(names) > _SHORT or not _CALLS.isdisjoint(names)


def levels(is_quick: bool, lines: int) -> tuple[int, int]:
    """How much LLVM is to optimise a text of so many lines (0: not at all), and to care for its machine code."""
    if is_quick:
        return (1, 1) if lines < _LINES_WORTH_A_LOOK else (0, 0)
    return (2, 2) if lines < FULL_OPTIMISATION_LINES else (1, 2)
