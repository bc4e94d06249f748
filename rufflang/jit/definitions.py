"""What code relies on that knows structs by their numbers: what instances of these look like, and methods it expects.

All that is noted in the code that was translated.  Where a later run has noted the same there, it may use
the machine code; where it has not met a struct yet, it has to look at what it has under that number.
"""

from __future__ import annotations

from rufflang.bytecode.flow import decode
from rufflang.jit.shapes import field_places, methods_called
from rufflang.runtime.structs_layout import NUMBER

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from rufflang.jit.book import Expected
    from rufflang.jit.facts import Facts


def expected_definitions(facts: Facts, words: Sequence[int]) -> tuple[Expected, ...]:
    """What is expected of each struct that is noted in some code."""
    methods: dict[int, set[tuple[int, int]]] = {}
    for pc, item in decode(words).items():
        cache, name = pc + 1, item.name
        if name in ("GET_FIELD", "SET_FIELD", "OWN_FIELD"):
            for shape in field_places(words, cache + (name == "OWN_FIELD")).by_shape:
                methods.setdefault(shape & NUMBER, set())
        elif name == "NEW_STRUCT":
            methods.setdefault(words[cache] >> 32 & NUMBER, set())
        elif name == "CALL_METHOD":
            for shape, method in methods_called(words, cache).methods.items():
                methods.setdefault(shape & NUMBER, set()).add((method.slot, method.number))
    methods.pop(0, None)
    expected: list[Expected] = []
    for number, called in methods.items():
        known = facts.definition(number)
        expected.append((number, None if known is None else known[0], tuple(sorted(called))))
    return tuple(expected)
