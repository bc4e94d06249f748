"""Whether what a translation was told about a VM is still true: see `code_cache`."""

from __future__ import annotations

from rufflang.jit.code_cache import DEFINITION, further_feedback
from rufflang.jit.hot import split_place

# Type checkers take this for true; importing `typing` to say so would slow down hot programs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from rufflang.jit.book import Expected, Masks
    from rufflang.jit.facts import Facts


def compare(facts: Facts, chunk: int, kind: str, number: int, then: tuple[Any, ...]) -> int | None:
    """How an answer, given when code of a chunk was made, fits what is true now; see `Conditions.distance`."""
    if kind in ("global", "inner"):
        other, constant = split_place(number)
        holder = chunk if other is None else other
        found = facts.global_state(holder, constant) if kind == "global" else (facts.inner_chunk(holder, constant),)
        return 0 if found == then else None
    if kind == "inlined":
        return _compare_inlined(facts, number, *then)
    if kind == DEFINITION:
        return 0 if _is_such_a_struct(facts, number, *then) else None
    target = facts.direct_target(number)
    now: tuple[object, ...] = (facts.identity(number), *(() if target is None else target.facts))
    if now == then:
        return 0
    # Code for a direct call checks that there is something to call: that may come later.
    return 1 if now == then[:1] else None


def _compare_inlined(
    facts: Facts, number: int, then: object, masks: Masks, words: int, structs: tuple[Expected, ...]
) -> int | None:
    """How much more had been noted in the code of an inlined function when that was done."""
    code = facts.code(number) if facts.identity(number) == then else None
    if code is None:
        return None
    further, about_structs = further_feedback(code, masks, words)
    if about_structs and not all(_is_such_a_struct(facts, *expected) for expected in structs):
        return None
    return further


def _is_such_a_struct(facts: Facts, number: int, then: bytes | None, methods: tuple[tuple[int, int], ...]) -> bool:
    """Whether a struct looks as it did when code was made, and has the methods that the code expects."""
    now = facts.definition(number)
    return now is not None and now[0] == then and all(now[1][slot] == method for slot, method in methods)
