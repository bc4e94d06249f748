"""What translations may ask about the functions around those they translate, collected for another process."""

from __future__ import annotations

from rufflang.jit.hot import DEEPEST_INLINED, LARGEST_INLINED

# Type checkers take this for true; importing `typing` to say so would slow down hot programs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from rufflang.interpreter.loaded_chunk import Chunks
    from rufflang.jit.memory import Memory

    States = dict[tuple[int, int], tuple[int, int | None]]

_MOST_FUNCTIONS = 100
"""That each function to be translated may bring in."""


def surroundings_of(numbers: Iterable[int], memory: Memory, chunks: Chunks) -> tuple[States, dict[int, bytes]]:
    """What globals hold, by chunk and constant, and the code of small functions, by number.

    Of all functions that may become part of these; some others are among them.
    """
    states: States = {}
    codes: dict[int, bytes] = {}
    layer = list(dict.fromkeys(numbers))
    seen = set(layer)
    most = _MOST_FUNCTIONS * len(layer)
    for number in layer:
        _add_if_small(number, memory, chunks, codes)
    for _ in range(DEEPEST_INLINED + 1):
        following: set[int] = set()
        for current in layer:
            following |= _look_at(current, memory, chunks, states)
        layer = []
        for callee in sorted(following - seen):
            if 0 < callee < len(chunks) and len(codes) < most:
                seen.add(callee)
                if _add_if_small(callee, memory, chunks, codes):
                    layer.append(callee)
    return states, codes


def _look_at(number: int, memory: Memory, chunks: Chunks, states: States) -> set[int]:
    """Enters what the globals hold that a function mentions; gives the functions that it may call."""
    proto = chunks.address_of(number)
    code = memory.code(proto)
    outline = memory.outline(proto, code)
    following = outline.callees(code)
    following.update(memory.inner_chunk(proto, constant) for constant in outline.inner)
    for constant in outline.cells:
        states[number, constant] = state = memory.global_state(proto, constant)
        if state[1] is not None:
            following.add(state[1])
    return following


def _add_if_small(number: int, memory: Memory, chunks: Chunks, codes: dict[int, bytes]) -> bool:
    """Enters the code of a function if it may become part of others; whether it may."""
    proto = chunks.address_of(number)
    code = memory.code(proto)
    is_small = memory.outline(proto, code).length <= LARGEST_INLINED
    if is_small:
        codes[number] = code
    return is_small
