"""What a translation may ask about a VM, collected for another process."""

from __future__ import annotations

from rufflang.jit.hot import DEEPEST_INLINED, FUNCTION_REQUEST, LARGEST_INLINED

# Type checkers take this for true; importing `typing` to say so would slow down hot programs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from rufflang.jit.engine import JitEngine
    from rufflang.jit.hot import Description, HotRequest

    States = dict[tuple[int, int], tuple[int, int | None]]

_MOST_FUNCTIONS = 100
"""That each function to be translated may bring in."""


def describe(engine: JitEngine, requests: list[HotRequest], known_units: int) -> Description:
    """All this for whoever makes code elsewhere, and knows that many units already.

    What the interpreter has noted since they were made is entered into the requests.
    """
    states, codes = _surroundings_of([request.number for request in requests], engine)
    memory = engine.memory
    for request in requests:
        proto = engine.chunks.address_of(request.number)
        request.words = memory.code(proto)
        request.kinds = engine.kinds(proto, request.index)
    # Behind everything that may name a struct.
    definitions = memory.definitions()
    refused = [number for number, place in engine.refused if place == FUNCTION_REQUEST]
    direct = {number: target.facts for number, target in engine.direct.items()}
    units = [
        ([(number, memory.identity(engine.chunks.address_of(number))) for number in numbers], stored)
        for numbers, stored in engine.chunks.stored_units(known_units)
    ]
    return engine.counts_work, units, refused, direct, states, codes, definitions


def _surroundings_of(numbers: Iterable[int], engine: JitEngine) -> tuple[States, dict[int, bytes]]:
    """What globals hold, by chunk and constant, and the code of small functions, by number.

    Of all functions that may become part of these; some others are among them.
    """
    states: States = {}
    codes: dict[int, bytes] = {}
    layer = list(dict.fromkeys(numbers))
    seen = set(layer)
    most = _MOST_FUNCTIONS * len(layer)
    for number in layer:
        _add_if_small(number, engine, codes)
    for _ in range(DEEPEST_INLINED + 1):
        following: set[int] = set()
        for current in layer:
            following |= _look_at(current, engine, states)
        layer = []
        for callee in sorted(following - seen):
            if engine.chunks.index_of(callee) >= 0 and len(codes) < most:
                seen.add(callee)
                if _add_if_small(callee, engine, codes):
                    layer.append(callee)
    return states, codes


def _look_at(number: int, engine: JitEngine, states: States) -> set[int]:
    """Enters what the globals hold that a function mentions; gives the functions that it may call."""
    memory, proto = engine.memory, engine.chunks.address_of(number)
    code = memory.code(proto)
    outline = engine.outlines.of(proto, code)
    following = outline.callees(code)
    following.update(memory.inner_chunk(proto, constant) for constant in outline.inner)
    for constant in outline.cells:
        states[number, constant] = state = memory.global_state(proto, constant)
        if state[1] is not None:
            following.add(state[1])
    return following


def _add_if_small(number: int, engine: JitEngine, codes: dict[int, bytes]) -> bool:
    """Enters the code of a function if it may become part of others; whether it may."""
    proto = engine.chunks.address_of(number)
    code = engine.memory.code(proto)
    is_small = engine.outlines.of(proto, code).length <= LARGEST_INLINED
    if is_small:
        codes[number] = code
    return is_small
