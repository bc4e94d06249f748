"""What a translation may ask about the functions around the one it translates, collected for another process."""

from __future__ import annotations

from rufflang.jit.hot import DEEPEST_INLINED, LARGEST_INLINED

# Type checkers take this for true; importing `typing` to say so would slow down hot programs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.interpreter.loaded_chunk import Chunks
    from rufflang.jit.memory import Memory

    States = dict[tuple[int, int], tuple[int, int | None]]

_MOST_FUNCTIONS = 100
_WORDS_OF_AN_INSTRUCTION = 3
"""Cache words included, in code that has many of them."""


def surroundings_of(number: int, memory: Memory, chunks: Chunks) -> tuple[States, dict[int, bytes]]:
    """What globals hold, by chunk and constant, and the code of small functions, by number.

    Of all functions that may become part of this one; some others are among them.
    """
    states: States = {}
    codes: dict[int, bytes] = {}
    seen = {number}
    layer = [number]
    for _ in range(DEEPEST_INLINED + 1):
        following: set[int] = set()
        for current in layer:
            proto = chunks.address_of(current)
            cells, inner, noted = memory.mentioned(proto)
            following |= noted
            following.update(memory.inner_chunk(proto, constant) for constant in inner)
            for constant in cells:
                states[current, constant] = state = memory.global_state(proto, constant)
                if state[1] is not None:
                    following.add(state[1])
        layer = []
        for callee in sorted(following - seen):
            if 0 < callee < len(chunks) and len(codes) < _MOST_FUNCTIONS:
                seen.add(callee)
                code = memory.code(chunks.address_of(callee))
                if len(code) <= 8 * _WORDS_OF_AN_INSTRUCTION * LARGEST_INLINED:
                    codes[callee] = code
                    layer.append(callee)
    return states, codes
