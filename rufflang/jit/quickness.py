"""Code in two steps: at first some that is there soon, then the code that stays.

The time that LLVM needs grows with the text it is given, and inlining may make ten times as much of it: a function
that calls itself twice becomes part of itself fourteen times.  Meanwhile the interpreter runs.  So where most of the
code would come from other functions, the process that makes it (`workshop_process`) answers at once with code into
which nothing has been inlined, and makes the real one when nobody waits for anything else.  Quick code is not kept
for other runs.  It calls functions, itself included, by what is installed for them at that moment, and its loops end
when there is better code for them (`polling`), so the better code is soon what runs.

Otherwise there is no use in it: the same text, optimised less, is there hardly any sooner.
"""

from __future__ import annotations

from rufflang.bytecode.flow import decode
from rufflang.interpreter.control import SEVERAL
from rufflang.jit.hot import DEEPEST_INLINED, LARGEST_INLINED
from rufflang.jit.shapes import methods_called

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from rufflang.bytecode.flow import Instruction
    from rufflang.jit.request import CompileRequest

_MOST_REPEATED = 3
_SHORT, _LIGHT = 20, 28
"""How often a function may be part of itself, and how many instructions it may have; more if all are light."""

_HEAVY = frozenset((
    "CALL_METHOD", "GET_FIELD", "SET_FIELD", "OWN_FIELD", "OWN_INDEX", "NEW_STRUCT", "NEW_ARRAY", "NEW_DICT",
    "BUILD_STRING", "PAYLOAD",
))  # fmt: skip
"""Instructions that become long code."""

_WORTH_TWO_STEPS = 2.5
"""How many times as long code becomes by inlining."""

_LONG = 80
"""Instructions: what is shorter even so is there soon."""


def may_be_repeated(repeated: int, code: Collection[Instruction]) -> bool:
    """Whether a function may be inlined where it is part of the code so often already."""
    if repeated == 0 or repeated > _MOST_REPEATED:
        return repeated == 0
    longest = _SHORT if any(item.name in _HEAVY for item in code) else _LIGHT
    return len(code) <= longest


def takes_long(request: CompileRequest) -> bool:
    """Whether most of the code for a request will be that of functions that it calls, and that is much."""
    items = decode(request.words)
    if request.loop is not None and request.loop_end is not None:
        items = {pc: item for pc, item in items.items() if request.loop <= pc < request.loop_end}
    length = len(items)
    longest = max(_LONG, _WORTH_TWO_STEPS * length)
    for inlined in _inlined(items, request, (request.number,)):
        length += inlined
        if length > longest:
            return True
    return False


def _inlined(items: dict[int, Instruction], request: CompileRequest, callers: tuple[int, ...]) -> Iterator[int]:
    """How many instructions each function has that will be inlined where these are, and in the code that is."""
    if len(callers) > DEEPEST_INLINED:
        return
    for item in items.values():
        for number in _callees(item, request.words):
            callee = request.questions.request_inlined(number, LARGEST_INLINED)
            if callee is not None:
                inner = decode(callee.words)
                if may_be_repeated(callers.count(number), inner.values()):
                    yield len(inner)
                    yield from _inlined(inner, callee, (*callers, number))


def _callees(item: Instruction, words: list[int]) -> Iterator[int]:
    """The functions that a call has reached so far, by number."""
    if item.name == "CALL":
        number = words[item.pc + 1] >> 32
        if number not in (0, SEVERAL):
            yield number
    elif item.name == "CALL_METHOD":
        for method in methods_called(words, item.pc + 1).methods.values():
            yield method.number
