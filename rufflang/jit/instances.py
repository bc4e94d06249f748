"""Struct literals, and what is done to instances without looking into them.

A literal that gives all declared fields in order makes an instance of a known shape, virtual where that is possible
(`virtuals`).  For others, and where a literal has met several definitions, the opcode's own meaning is called.
"""

from __future__ import annotations

from rufflang.bytecode.chunk import LiteralConstant
from rufflang.bytecode.flow import Instruction
from rufflang.interpreter.definitions import SEVERAL_DEFINITIONS
from rufflang.jit.making import make_instance
from rufflang.jit.unmade import VirtualWord, virtual_of
from rufflang.jit.virtual_forms import InstanceForm
from rufflang.jit.virtuals import may_be_parts
from rufflang.jit.words import Definition, MarkedWord, known_tag, value
from rufflang.lowpy.types import I64, U32, struct_type
from rufflang.lowpy.values import Aggregate, Word, constant_word
from rufflang.runtime.objects import StructDefinition
from rufflang.runtime.values import MARKED_TAGS, STRUCT_DEFINITION

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.jit.operations import Operations

_DEFINITION = struct_type(StructDefinition)


class Instances:
    """NEW_STRUCT, MOVE, COPY, SHARE, SHARE_PART."""

    def __init__(self, operations: Operations) -> None:
        self.operations = operations
        self.translator = operations.translator
        self.emitter = operations.emitter

    # ----------------------------------------------------------------------- literals

    def new(self, item: Instruction) -> None:
        word = self.translator.request.words[item.pc + 1]
        definition = self.operations.register(item.a)
        if not word >> 32 or word & SEVERAL_DEFINITIONS or known_tag(definition) not in (None, STRUCT_DEFINITION):
            self.operations.replay(item)
            return
        emitter, fields = self.emitter, self.operations.fields
        other = fields.exit(item)
        if known_tag(definition) is None:
            is_definition = emitter.compare("eq", definition.words[0], emitter.number(STRUCT_DEFINITION))
            emitter.continue_if(is_definition, other)
        pointer = emitter.define(_DEFINITION, f"inttoptr i64 {definition.words[1].text} to ptr")
        shape = self.operations.load_field(pointer, StructDefinition, "aux", U32)
        emitter.continue_if(emitter.compare("eq", shape, constant_word(U32, word >> 32)), other)
        self.operations.set_register(item.a, self._instance(item, word >> 32, pointer))

    def _instance(self, item: Instruction, shape: int, definition: Word) -> Aggregate:
        """An instance whose fields are the values in the registers from C on."""
        operations, virtuals = self.operations, self.emitter.virtuals
        literal = self.translator.chunk.constants[item.b]
        assert isinstance(literal, LiteralConstant)
        registers = range(item.c, item.c + len(literal.fields))
        values = tuple(operations.unmade(number) for number in registers)
        known = virtuals.defined(Definition(shape, definition, literal.fields))
        if may_be_parts(values):
            return virtuals.new(InstanceForm(known), values)
        return make_instance(self.emitter, known, [operations.register(number) for number in registers])

    # ------------------------------------------------------------------------ holders

    def move(self, item: Instruction) -> None:
        if self.operations.options.move(item):
            return
        if virtual_of(self.operations.known(item.b)) is None:
            self.operations.replay(item)
        else:
            self.operations.set_register(item.a, self.operations.known(item.b))

    def copy(self, item: Instruction) -> None:
        self._share(item, item.b)
        if virtual_of(self.operations.known(item.b)) is not None:
            self.operations.set_register(item.a, self.operations.known(item.b))
        else:
            self._note_mark(item.a)

    def share(self, item: Instruction) -> None:
        self._share(item, item.a)

    def _share(self, item: Instruction, number: int) -> None:
        """Marks the virtual container in a register; if there is none, the opcode does what it always does."""
        virtual = self.operations.virtual(number)
        if virtual is None:
            self.operations.replay(item)
            self._note_mark(number)
        else:
            self._mark(virtual)

    def _note_mark(self, number: int) -> None:
        """What is in a register has been marked, if it is of a kind that is."""
        current = self.operations.register(number)
        tag, payload = known_tag(current), current.words[1]
        if tag is not None and MARKED_TAGS >> tag & 1:
            self.operations.set_register(number, value(tag, MarkedWord(I64, payload.text, None, payload.origin)))

    def share_part(self, item: Instruction) -> None:
        """What a virtual container holds has no mark, or is one that nobody else holds.

        Nor does anybody else hold an option that has not been made.
        """
        if self.operations.options.unmade(item.a) is not None:
            return
        if virtual_of(self.operations.known(item.a)) is None and self.operations.virtual(item.b) is None:
            self.operations.replay(item)

    def _mark(self, virtual: VirtualWord) -> None:
        """Has the registers with a virtual container hold one with the mark."""
        if virtual.is_shared:
            return
        marked, environment = self.emitter.virtuals.again(virtual, is_shared=True), self.translator.environment
        for name, current in environment.items():
            if virtual_of(current) is virtual:
                environment[name] = marked
