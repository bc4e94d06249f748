"""Interpreter handlers: how an instruction's fields become operands, and what is generated from them."""

from __future__ import annotations

import pytest

from rufflang.bytecode.opcodes import BY_NAME, OPCODES
from rufflang.interpreter import semantics
from rufflang.interpreter.generator import emit_interpreter
from rufflang.interpreter.operands import Instruction
from rufflang.interpreter.table import MEANINGS, WITHOUT_FEEDBACK, comparison_of, meaning_of, opcode
from rufflang.lowpy.emitter import Emitter
from rufflang.lowpy.module import ModuleText
from rufflang.lowpy.types import Pointer, record_type
from rufflang.lowpy.values import Word
from rufflang.runtime.values import Value


def decoder(name: str) -> tuple[Emitter, Instruction]:
    emitter = Emitter(ModuleText("test"))
    emitter.begin("define void @test()")
    values = Pointer(record_type(Value))
    return emitter, Instruction(
        emitter, BY_NAME[name], Word(values, "%regs"), Word(values, "%consts"), Word(values, "%pc")
    )


def written(emitter: Emitter) -> list[str]:
    return [line.strip() for line in emitter.lines[2:]]


def test_the_first_field_is_cut_out_and_the_last_one_shifted_down() -> None:
    emitter, instruction = decoder("ADD")
    instruction.field(0)
    instruction.field(2)
    assert written(emitter) == [
        "%v1 = lshr i64 %insn, 16", "%v2 = and i64 %v1, 65535", "%v3 = lshr i64 %insn, 48",
    ]  # fmt: skip


def test_an_immediate_keeps_its_sign() -> None:
    emitter, instruction = decoder("ADD_IMM")
    index = BY_NAME["ADD_IMM"].fields.index("i")
    instruction.signed_field(index)
    assert written(emitter)[-1].startswith("%v1 = ashr i64 %insn, 48")


def test_registers_and_constants_are_sixteen_bytes_apart() -> None:
    emitter, instruction = decoder("ADD")
    instruction.register_address(2)
    assert written(emitter)[-1] == "%v2 = getelementptr inbounds [16 x i8], ptr %regs, i64 %v1"
    wide = next(item for item in OPCODES if item.fields[1:2] == "K")
    emitter, instruction = decoder(wide.name)
    instruction.constant_address(1)
    assert written(emitter) == [
        "%v1 = lshr i64 %insn, 32", "%v2 = getelementptr inbounds [16 x i8], ptr %consts, i64 %v1",
    ]  # fmt: skip


def test_the_next_instruction_follows_the_cache_words() -> None:
    with_cache = next(item for item in OPCODES if item.cache_words > 0)
    emitter, instruction = decoder(with_cache.name)
    instruction.next()
    assert written(emitter) == [f"%v1 = getelementptr inbounds i8, ptr %pc, i64 {8 * (1 + with_cache.cache_words)}"]


def test_a_jump_is_relative_to_its_own_instruction() -> None:
    emitter, instruction = decoder("JUMP")
    instruction.jump_target()
    assert written(emitter) == [
        "%v1 = ashr i64 %insn, 32", "%v2 = getelementptr inbounds [8 x i8], ptr %pc, i64 %v1",
    ]  # fmt: skip


def test_every_opcode_has_a_meaning_or_is_a_comparison_with_a_jump() -> None:
    for item in OPCODES:
        comparison, _ = comparison_of(item.name)
        assert meaning_of(comparison or item.name) is MEANINGS[comparison or item.name], item.name


@pytest.mark.parametrize(("name", "expected"), [
    ("JUMP_IF_LT", ("LT", True)), ("JUMP_IF_NOT_GE_IMM", ("GE", False)), ("JUMP_IF_NOT_EQ", ("EQ", False)),
    ("JUMP_IF_TRUE", (None, True)), ("ADD", (None, True)),
])  # fmt: skip
def test_fused_comparisons_are_recognised_by_name(name: str, expected: tuple[str | None, bool]) -> None:
    assert comparison_of(name) == expected


def test_the_same_meaning_without_note_taking_has_fewer_parameters() -> None:
    for name, meaning in WITHOUT_FEEDBACK.items():
        noting = MEANINGS[name].signature
        assert meaning.signature.result == noting.result
        assert "cache" not in meaning.signature.names
        assert len(meaning.signature.names) < len(noting.names)


def test_a_meaning_is_registered_once() -> None:
    with pytest.raises(AssertionError, match="ADD"):
        opcode("ADD")(semantics.TRUTHY)


@pytest.fixture(scope="module")
def handlers() -> dict[str, str]:
    """The text of every handler by opcode."""
    module = ModuleText("test")
    emit_interpreter(module, semantics.UNWIND, semantics.TRUTHY, semantics.SAMPLE)
    found: dict[str, str] = {}
    for part in module.render().split("\ndefine ")[1:]:
        if '@"op.' in part:
            found[part.split('@"op.', 1)[1].split('"', 1)[0]] = part.split("\n}", 1)[0]
    return found


def test_there_is_a_handler_for_every_opcode_one_for_errors_and_one_for_samples(handlers: dict[str, str]) -> None:
    assert {name for name in handlers if "." not in name} == {item.name for item in OPCODES} | {"error", "sample"}


def test_what_is_rare_is_left_to_a_second_handler_that_is_complete(handlers: dict[str, str]) -> None:
    complete = {name.removesuffix(".completely") for name in handlers if "." in name}
    assert {"ADD", "GET_INDEX", "GET_FIELD", "CALL", "CALL_METHOD", "RETURN"} <= complete
    for name, text in handlers.items():
        assert (f'@"op.{name}.completely"(ptr' in text) == (name in complete), name
    for name in ("ADD", "GET_INDEX", "GET_FIELD", "CALL", "CALL_METHOD"):
        calls = [line for line in handlers[name].splitlines() if " call " in line and "musttail" not in line]
        assert all("@llvm." in line for line in calls), name


def test_a_handler_that_always_calls_something_is_written_once(handlers: dict[str, str]) -> None:
    assert "NEW_ARRAY.completely" not in handlers
    assert "NEW_STRUCT.completely" not in handlers


def test_every_handler_ends_each_path_in_a_guaranteed_tail_call_or_leaves(handlers: dict[str, str]) -> None:
    for name, text in handlers.items():
        lines = [line.strip() for line in text.splitlines()]
        for index, line in enumerate(lines):
            if line.startswith("ret "):
                assert "musttail call" in lines[index - 1] or "insertvalue" in lines[index - 1], name
            if "musttail call" in line:
                assert lines[index + 1].startswith("ret "), name


def test_the_handler_of_an_addition_tries_ints_before_floats(handlers: dict[str, str]) -> None:
    text = handlers["ADD"]
    assert 0 < text.index("llvm.sadd.with.overflow.i64") < text.index("fadd double")


def test_the_dispatch_table_lists_the_handlers_in_the_order_of_their_numbers() -> None:
    module = ModuleText("test")
    emit_interpreter(module, semantics.UNWIND, semantics.TRUTHY, semantics.SAMPLE)
    table = module.constants["ruff_dispatch"].value
    names = [part.split('"')[0] for part in table.split('@"op.')[1:]]
    assert names == [item.name for item in sorted(OPCODES, key=lambda item: item.number)]


def test_in_the_table_for_samples_every_instruction_has_the_handler_that_shows_it_to_the_profile() -> None:
    module = ModuleText("test")
    emit_interpreter(module, semantics.UNWIND, semantics.TRUTHY, semantics.SAMPLE)
    table = module.constants["ruff_sampling_dispatch"].value
    assert table.count('@"op.sample"') == len(OPCODES)
