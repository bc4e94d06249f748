"""Arrays have the room that a loop needs before it begins, where it is known how much that is."""

from __future__ import annotations

import re

import pytest

from tests.jit.hot_programs import run_here
from tests.jit.test_array_loops import text_of

ROOM = re.compile(r'call void @"[^"]*array_expect"\((.*)\)')

FOR_ALL_ROUNDS = {
    "a range": "for i in range(n) { found := push(found, i) }",
    "an array": "for item in items { found := push(found, item * 2) }",
    "two pushes": "for i in range(n) { found := push(found, i)  found := push(found, i) }",
    "a push behind a choice": "for i in range(n) { if i > 3 { n -= 1 }  found := push(found, n) }",
}
NOT_KNOWN = {
    "a push on some ways only": "for i in range(n) { if i % 2 == 0 { found := push(found, i) } }",
    "a way out of the loop": "for i in range(n) { found := push(found, i)  if i > 30 { break } }",
    "a return": "for i in range(n) { found := push(found, i)  if i > 30 { return found } }",
    "rounds that are not counted": "i := 0  while i < n { found := push(found, i)  i += 1 }",
    "few rounds": "for i in range(3) { found := push(found, i) }",
    "what is taken out again": "for i in range(n) { found := push(found, i)\n [found, last] := pop(found) }",
    "an array that begins anew": "for i in range(n) { if i == 7 { found := [n] }  found := push(found, i) }",
}


def room_made(loop: str) -> list[str]:
    compiled = run_here(f"""
        func work(items, n) {{
            found := [0]
            {loop}
            return found
        }}
        items := range(40)
        for round in range(300) {{ work(items, 40) }}
    """)
    return ROOM.findall(text_of(compiled, "work"))


@pytest.mark.parametrize("loop", FOR_ALL_ROUNDS.values(), ids=FOR_ALL_ROUNDS)
def test_an_array_that_gets_an_element_in_every_round_has_room_before_the_first(loop: str) -> None:
    assert len(room_made(loop)) == 1


@pytest.mark.parametrize("loop", NOT_KNOWN.values(), ids=NOT_KNOWN)
def test_there_is_no_room_for_what_may_not_be_needed(loop: str) -> None:
    assert not room_made(loop)
