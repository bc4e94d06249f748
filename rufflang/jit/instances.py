"""Struct literals: an instance is a cell from the free list and a store for each of its words.

That holds for a literal that gives all declared fields in order; for others, and where a literal has met
several definitions, the opcode's own meaning is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rufflang.bytecode.chunk import LiteralConstant
from rufflang.bytecode.flow import Instruction
from rufflang.interpreter.definitions import SEVERAL_DEFINITIONS
from rufflang.jit.emitter import as_low
from rufflang.jit.words import known_tag, value
from rufflang.lowpy.types import I64, U32, struct_type
from rufflang.lowpy.values import Aggregate, Word, constant_word
from rufflang.runtime.heap import allocate_unzeroed
from rufflang.runtime.objects import Object, StructDefinition, StructObject
from rufflang.runtime.structs_layout import (
    DEFINITION_PLACE,
    DEFINITION_SHIFT,
    FIRST_TAGS,
    TAG_BITS,
    TAGS,
    field_place,
    instance_size,
)
from rufflang.runtime.values import STRUCT, STRUCT_DEFINITION

if TYPE_CHECKING:
    from rufflang.jit.operations import Operations

_STRUCT = struct_type(StructObject)
_DEFINITION = struct_type(StructDefinition)
_SHAPE_OFFSET = struct_type(Object).fields["aux"].offset


class Instances:
    """NEW_STRUCT."""

    def __init__(self, operations: Operations) -> None:
        self.operations = operations
        self.translator = operations.translator
        self.emitter = operations.emitter

    def new(self, item: Instruction) -> None:
        word = self.translator.request.words[item.pc + 1]
        definition = self.operations.register(item.a)
        if not word >> 32 or word & SEVERAL_DEFINITIONS or known_tag(definition) not in (None, STRUCT_DEFINITION):
            self.operations.replay(item)
            return
        emitter, fields = self.emitter, self.operations.fields
        shape = constant_word(U32, word >> 32)
        other = fields.exit(item)
        if known_tag(definition) is None:
            is_definition = emitter.compare("eq", definition.words[0], emitter.number(STRUCT_DEFINITION))
            emitter.continue_if(is_definition, other)
        pointer = emitter.define(_DEFINITION, f"inttoptr i64 {definition.words[1].text} to ptr")
        number = emitter.load(U32, pointer, _SHAPE_OFFSET)
        assert isinstance(number, Word)
        emitter.continue_if(emitter.compare("eq", number, shape), other)
        instance = self._allocate(item, shape, pointer)
        payload = emitter.define(I64, f"ptrtoint ptr {instance.text} to i64")
        self.operations.set_register(item.a, value(STRUCT, payload))

    def _allocate(self, item: Instruction, shape: Word, definition: Word) -> Word:
        """A new instance whose fields are the values in the registers from C on."""
        emitter, fields = self.emitter, self.operations.fields
        literal = self.translator.chunk.constants[item.b]
        assert isinstance(literal, LiteralConstant)
        count = len(literal.fields)
        size = emitter.number(instance_size(count))
        cell, _ = emitter.inline(as_low(allocate_unzeroed), [emitter.vm, size, emitter.number(STRUCT)])
        assert isinstance(cell, Word)
        instance = Word(_STRUCT, cell.text)
        emitter.store(instance, _SHAPE_OFFSET, shape)
        values = [self.operations.register(item.c + slot) for slot in range(count)]
        address = emitter.define(I64, f"ptrtoint ptr {definition.text} to i64")
        above = emitter.define(I64, f"shl i64 {address.text}, {DEFINITION_SHIFT}")
        self._store_tags(instance, DEFINITION_PLACE, above, values[:FIRST_TAGS])
        for slot in range(FIRST_TAGS, count, TAGS):
            self._store_tags(instance, field_place(slot), constant_word(I64, 0), values[slot : slot + TAGS])
        for slot, new in enumerate(values):
            fields.store_payload(instance, field_place(slot), new)
        return instance

    def _store_tags(self, instance: Word, place: int, above: Word, values: list[Aggregate]) -> None:
        """Writes a whole word: the tags of fields, from the lowest byte on, and what is above them."""
        emitter = self.emitter
        known = 0
        for index, new in enumerate(values):
            tag = known_tag(new)
            if tag is None:
                moved = emitter.define(I64, f"shl i64 {new.words[0].text}, {TAG_BITS * index}")
                above = emitter.define(I64, f"or i64 {above.text}, {moved.text}")
            else:
                known |= tag << TAG_BITS * index
        tags = emitter.define(I64, f"or i64 {above.text}, {known}")
        # Not marked: the bytes of the word are read and written one by one later.
        emitter.line(f"store i64 {tags.text}, ptr {emitter.address(instance, place).text}")
