"""Instruction words say what was put into them, and jumps find their labels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rufflang.bytecode.chunk import Chunk, Handler
from rufflang.bytecode.encoding import (
    Assembler,
    Instruction,
    JumpTooFar,
    Label,
    instruction_length,
    leave_out,
    pack,
    pack_wide,
    unpack,
)
from rufflang.bytecode.errors import CompileError
from rufflang.bytecode.opcodes import BY_NAME, OPCODES
from rufflang.syntax.spans import Span

SPAN = Span(0, 0, 1, 1)
UNSIGNED = st.integers(0, 0xFFFF)
SHORT = st.integers(-0x8000, 0x7FFF)
SIGNED_WIDE = st.integers(-(2**31), 2**31 - 1)
WIDE = {"K": st.integers(0, 2**32 - 1), "I": SIGNED_WIDE, "J": SIGNED_WIDE}


@st.composite
def instructions(draw: st.DrawFn) -> Instruction:
    opcode = draw(st.sampled_from(OPCODES))
    a = draw(UNSIGNED)
    if opcode.fields[1] in WIDE:
        return Instruction(opcode.number, a, draw(WIDE[opcode.fields[1]]), 0)
    b, c = (draw(SHORT if kind in "ij" else UNSIGNED) for kind in opcode.fields[1:])
    return Instruction(opcode.number, a, b, c)


@given(instructions())
def test_unpacking_gives_back_what_was_packed(instruction: Instruction) -> None:
    if OPCODES[instruction.number].fields[1] in WIDE:
        word = pack_wide(instruction.number, instruction.a, instruction.b)
    else:
        word = pack(instruction.number, instruction.a, instruction.b, instruction.c)
    assert 0 <= word < 2**64
    assert unpack(word) == instruction


@given(st.lists(st.sampled_from(OPCODES), max_size=30))
def test_every_word_has_a_span_and_lengths_add_up(opcodes: list[object]) -> None:
    chunk = Chunk("f")
    assembler = Assembler(chunk, wide=False)
    for opcode in opcodes:
        assembler.emit(SPAN, opcode.name)  # type: ignore[attr-defined]
    assert len(chunk.spans) == len(chunk.code)
    position = 0
    for opcode in opcodes:
        assert unpack(chunk.code[position]).number == opcode.number  # type: ignore[attr-defined]
        position += instruction_length(chunk.code[position])
    assert position == len(chunk.code)


def test_jumps_reach_labels_before_and_after_them() -> None:
    chunk = Chunk("f")
    assembler = Assembler(chunk, wide=False)
    start, end = Label(), Label()
    assembler.place(start)
    assembler.jump(SPAN, "JUMP_IF_LT", end, 1, 2)
    assembler.jump(SPAN, "LOOP", start)
    assembler.place(end)
    assert unpack(chunk.code[0]).c == 3
    assert unpack(chunk.code[1]).b == -1


def test_a_short_jump_that_is_too_far_is_not_emitted_wrongly() -> None:
    assembler = Assembler(Chunk("f"), wide=False)
    label = Label()
    assembler.jump(SPAN, "JUMP_IF_LT", label, 1, 2)
    for _ in range(0x8000):
        assembler.emit(SPAN, "LOAD_NULL", 0)
    with pytest.raises(JumpTooFar):
        assembler.place(label)


def test_wide_code_reaches_any_label_with_short_jumps() -> None:
    chunk = Chunk("f")
    assembler = Assembler(chunk, wide=True)
    label = Label()
    assembler.jump(SPAN, "JUMP_IF_LT", label, 1, 2)
    for _ in range(0x10000):
        assembler.emit(SPAN, "LOAD_NULL", 0)
    assembler.place(label)
    taken = unpack(chunk.code[0]).c
    long_jump = unpack(chunk.code[taken])
    assert long_jump.number == BY_NAME["JUMP"].number
    assert taken + long_jump.b == assembler.position
    not_taken = unpack(chunk.code[1])
    assert 1 + not_taken.b == taken + 1


def test_jumps_and_handlers_stay_right_when_instructions_are_left_out() -> None:
    chunk = Chunk("f")
    assembler = Assembler(chunk, wide=False)
    start, end = Label(), Label()
    assembler.emit(SPAN, "MOVE", 0, 0)
    assembler.place(start)
    assembler.emit(SPAN, "MOVE", 1, 1)
    assembler.jump(SPAN, "JUMP_IF_LT", end, 1, 2)
    assembler.emit(SPAN, "MOVE", 2, 2)
    assembler.jump(SPAN, "LOOP", start)
    assembler.place(end)
    assembler.emit(SPAN, "MOVE", 3, 3)
    assembler.emit(SPAN, "RETURN_NULL")
    chunk.handlers.append(Handler(1, 4, 7, 0))
    leave_out(chunk, {0, 1, 3, 6})
    names = ["JUMP_IF_LT", "LOOP", "RETURN_NULL"]
    assert [unpack(chunk.code[place]).number for place in (0, 1, 3)] == [BY_NAME[name].number for name in names]
    assert len(chunk.code) == len(chunk.spans) == 4
    assert (unpack(chunk.code[0]).c, unpack(chunk.code[1]).b) == (3, -1)
    assert chunk.handlers == [Handler(0, 1, 3, 0)]


@pytest.mark.parametrize(("name", "operands"), [
    ("MOVE", (0x10000, 0, 0)), ("MOVE", (0, 0x10000, 0)), ("ADD", (0, 0, 0x10000)), ("MOVE", (-1, 0, 0)),
    ("ADD_IMM", (0, 0, 0x8000)), ("ADD_IMM", (0, 0, -0x8001)),
])
def test_an_operand_that_does_not_fit_is_an_error(name: str, operands: tuple[int, int, int]) -> None:
    with pytest.raises(CompileError, match="function too large"):
        Assembler(Chunk("f"), wide=False).emit(SPAN, name, *operands)


def test_constants_are_shared_only_if_they_are_the_same() -> None:
    assembler = Assembler(Chunk("f"), wide=False)
    values = (1, 1.0, True, "1", 0.0, -0.0, None, 1, "1", -0.0)
    indices = [assembler.constant(value, SPAN) for value in values]
    assert indices == [0, 1, 2, 3, 4, 5, 6, 0, 3, 5]
