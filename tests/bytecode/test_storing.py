"""What is stored of a compiled unit comes back as it was."""

from __future__ import annotations

import pytest

from rufflang.bytecode.chunk import Chunk, Unit, all_chunks
from rufflang.bytecode.storing import restored, stored
from rufflang.records import replace
from tests.bytecode.model import compile_text
from tests.bytecode.test_value_semantics import PROGRAMS

CONSTANTS = """
struct Point { x, y }
enum Shape { Round, Square }
func parts(point) {
    {x, y, ...rest} := point
    try { return [x, y, rest, 9223372036854775807, 0.5, "ü"] } except e { throw e }
}
func negative() { return -0.0 }
async func later() { return await parts(Point { x: 1, y: 2 }) }
func* items() { yield 0.25 }
match later() { case Some(n): { print(n) } case "text": { print(-1) } case _: { print(null) } }
"""


def without_spans(unit: Unit) -> Unit:
    def bare(chunk: Chunk) -> Chunk:
        constants = [bare(item) if isinstance(item, Chunk) else item for item in chunk.constants]
        return replace(chunk, constants=constants, spans=[], span=None)

    return replace(unit, main=bare(unit.main))


@pytest.mark.parametrize("text", [*PROGRAMS.values(), CONSTANTS])
def test_a_stored_unit_is_the_same_but_for_text_and_positions(text: str) -> None:
    unit = compile_text(text)
    again = restored(stored(unit))
    assert (again.source.name, again.source.text) == (unit.source.name, "")
    # Compared as texts, so that types and the signs of zeros count as well.
    assert repr(replace(again, source=unit.source)) == repr(without_spans(unit))


def test_every_kind_of_constant_is_stored() -> None:
    kinds = {type(item) for chunk in all_chunks(compile_text(CONSTANTS).main) for item in chunk.constants}
    assert {kind.__name__ for kind in kinds} == {
        "Chunk", "EnumConstant", "LiteralConstant", "NamesConstant", "StructConstant", "float", "int", "str",
    }  # fmt: skip
