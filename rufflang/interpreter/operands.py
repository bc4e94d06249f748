"""Fits an instruction's fields to the parameters of the function that gives it meaning.

Parameters after `vm` follow the instruction's fields in order, leaving out written
registers and jumps.  A parameter's type says what is wanted of a field: a register or
constant as `Value`, the place of a register as `Ptr[Value]`, the object in it as a
structure, a number as `i64`; an immediate asked for as a `Value` becomes an int.  Some
names stand for the interpreter's state instead: `registers`, `constants`, `code`,
`after` (the next instruction), `target` (of the jump), `cache`, and `out` (the place of
the written register).
"""

from __future__ import annotations

from rufflang.bytecode.opcodes import Opcode
from rufflang.lowpy.emitter import Emitter
from rufflang.lowpy.function import LowFunction
from rufflang.lowpy.types import I64, Pointer, StructType, Type, record_type
from rufflang.lowpy.values import Aggregate, SsaValue, Word, constant_word
from rufflang.runtime.values import INT, Value

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

# Opcodes whose state is several registers from A on: how many, given to the meaning as values.
STATE_REGISTERS = {"FOR_NEXT": 2, "RANGE_NEXT": 3, "RANGE_PREPARE": 3}
# Where the parts of a result go, as distances from A: position and item, or the bounds.
POSITION_PLACE = {"FOR_NEXT": 1, "RANGE_NEXT": 0}
ITEM_PLACE = {"FOR_NEXT": 2, "RANGE_NEXT": 3}
RESULT_PLACE = {"FOR_PREPARE": 1}

_SHIFTS = (16, 32, 48)
_WIDE = "KIJ"


class Instruction:
    """Decodes one instruction word at run time, as LLVM code."""

    def __init__(self, emitter: Emitter, opcode: Opcode, registers: Word, constants: Word, code: Word) -> None:
        self.emitter = emitter
        self.opcode = opcode
        self.registers = registers
        self.constants = constants
        self.code = code

    def field(self, index: int) -> Word:
        """A field as an unsigned number."""
        emitter = self.emitter
        kind = self.opcode.fields[index]
        moved = emitter.define(I64, f"lshr i64 %insn, {_SHIFTS[index]}")
        if kind in _WIDE or index == 2:
            return moved
        return emitter.define(I64, f"and i64 {moved.text}, 65535")

    def signed_field(self, index: int) -> Word:
        """A field as a signed number."""
        emitter = self.emitter
        if self.opcode.fields[index] in _WIDE or index == 2:
            return emitter.define(I64, f"ashr i64 %insn, {_SHIFTS[index]}")
        moved = emitter.define(I64, f"shl i64 %insn, {48 - _SHIFTS[index]}")
        return emitter.define(I64, f"ashr i64 {moved.text}, 48")

    def register_address(self, index: int) -> Word:
        return self.emitter.element_address(self.registers, self.field(index), 16)

    def constant_address(self, index: int) -> Word:
        return self.emitter.element_address(self.constants, self.field(index), 16)

    def cache(self) -> Word:
        return self.emitter.address(self.code, 8)

    def next(self) -> Word:
        return self.emitter.address(self.code, 8 * (1 + self.opcode.cache_words))

    def jump_target(self) -> Word:
        index = next(i for i, kind in enumerate(self.opcode.fields) if kind in "jJ")
        return self.emitter.element_address(self.code, self.signed_field(index), 8)


def arguments_for(meaning: LowFunction, instruction: Instruction) -> list[SsaValue]:
    """The arguments after `vm`, in the order of the function's parameters."""
    state: dict[str, Callable[[], Word]] = {
        "registers": lambda: instruction.registers,
        "constants": lambda: instruction.constants,
        "code": lambda: instruction.code,
        "after": instruction.next,
        "target": instruction.jump_target,
        "cache": instruction.cache,
        "out": lambda: instruction.register_address(0),
    }
    fields = [index for index, kind in enumerate(instruction.opcode.fields) if kind not in "w-jJ"]
    signature = meaning.signature
    values: list[SsaValue] = []
    state_registers = STATE_REGISTERS.get(instruction.opcode.name, 0)
    for distance in range(state_registers):
        place = instruction.emitter.address(instruction.register_address(0), 16 * distance)
        values.append(instruction.emitter.load(record_type(Value), place, 0))
    if state_registers:
        fields = [index for index in fields if index != 0]
    for name, kind in list(zip(signature.names, signature.parameters, strict=True))[1 + state_registers :]:
        if name in state:
            values.append(state[name]())
        else:
            values.append(_field_value(instruction, fields.pop(0), kind))
    return values


def _field_value(instruction: Instruction, index: int, wanted: Type) -> SsaValue:
    emitter = instruction.emitter
    kind = instruction.opcode.fields[index]
    if kind in "iI":
        number = instruction.signed_field(index)
        return _int(number) if wanted is record_type(Value) else number
    if kind in "nb":
        return instruction.field(index)
    place = instruction.constant_address(index) if kind in "kKg" else instruction.register_address(index)
    if isinstance(wanted, Pointer):
        return place
    value = emitter.load(record_type(Value), place, 0)
    if isinstance(wanted, StructType):
        assert isinstance(value, Aggregate)
        return emitter.define(wanted, f"inttoptr i64 {value.words[1].text} to ptr")
    return value


def _int(number: Word) -> Aggregate:
    kind = record_type(Value)
    return Aggregate(kind, (constant_word(I64, INT), number))
