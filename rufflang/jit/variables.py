"""Variables in cells, and functions that are known because of where they come from.

A global that has its value for ever, and a closure made in the same code, tell which function a call of
it reaches; such a value's payload is a `FunctionWord`.

A container that is about to be written is taken out of its cell each time, since calls may put another one there.  It
is checked to be of the kind that the interpreter has seen; what writes it then is what writes those in registers.
"""

from __future__ import annotations

from rufflang.bytecode.flow import Instruction
from rufflang.bytecode.opcodes import MUTABLE
from rufflang.interpreter.feedback import KINDS_SHIFT
from rufflang.interpreter.table import meaning_of, meaning_without_feedback
from rufflang.jit.emitter import OWN_CLOSURE
from rufflang.jit.narrowing import of_kind
from rufflang.jit.request import SPECULATED, single_kind
from rufflang.jit.shapes import clones_are_rare
from rufflang.jit.words import VALUE, FunctionWord, value
from rufflang.lowpy.types import I64, struct_type
from rufflang.lowpy.values import Aggregate, Word, constant_word
from rufflang.runtime.objects import CellObject, FunctionObject
from rufflang.runtime.values import FUNCTION

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from rufflang.jit.operations import Operations

_CELL = struct_type(CellObject)
_CELL_VALUE, _BINDING = _CELL.fields["value"].offset, _CELL.fields["aux"]


class Variables:
    """GET_GLOBAL, OWN_GLOBAL, OWN_CELL and MAKE_FUNCTION."""

    def __init__(self, operations: Operations) -> None:
        self.operations = operations
        self.translator = operations.translator
        self.emitter = operations.emitter

    def make_function(self, item: Instruction) -> None:
        """Makes a closure, and remembers which function it runs."""
        self.operations.replay(item)
        closure = self.operations.register(item.a)
        pointer = self.emitter.define(struct_type(FunctionObject), f"inttoptr i64 {closure.words[1].text} to ptr")
        number = self.translator.request.questions.inner_chunk(item.wide & 0xFFFFFFFF)
        self.operations.set_register(item.a, value(FUNCTION, FunctionWord(pointer, closure.words[1], number)))

    def get_global(self, item: Instruction) -> None:
        """A global's value, with an exit where it is of another kind than now."""
        emitter, translator = self.emitter, self.translator
        cell = self.operations.constant_object(item.b, _CELL)
        known = translator.request.questions.global_state(item.b)
        if known.function is not None:
            self.operations.set_register(item.a, value(FUNCTION, self._fixed_function(cell, known.function)))
            return
        if known.tag not in SPECULATED:
            result, raises = emitter.inline(meaning_of("GET_GLOBAL"), [emitter.vm, cell])
            translator.landed_raises(item, raises)
            assert isinstance(result, Aggregate)
            self.operations.set_register(item.a, result)
            return
        loaded = emitter.load(VALUE, cell, _CELL_VALUE)
        assert isinstance(loaded, Aggregate)
        is_same, narrowed = of_kind(emitter, loaded, known.tag)
        emitter.guard(is_same, lambda: translator.side_exit(item.pc))
        self.operations.set_register(item.a, narrowed)

    def own_global(self, item: Instruction) -> None:
        """The container in a global, made writable."""
        self._own(item, lambda: self.operations.constant_object(item.b, _CELL))

    def own_cell(self, item: Instruction) -> None:
        """The container in a captured variable, made writable."""
        holder = self.operations.register(item.b)
        self._own(item, lambda: self.emitter.define(_CELL, f"inttoptr i64 {holder.words[1].text} to ptr"))

    def _own(self, item: Instruction, find_cell: Callable[[], Word]) -> None:
        """Takes the container out of a cell, with an exit where it is of another kind than so far or no variable's."""
        emitter, fields = self.emitter, self.operations.fields
        word = self.translator.request.words[item.pc + 1]
        kind = single_kind(word >> KINDS_SHIFT & 0xFFFF)
        if kind is None:
            self.operations.replay(item)
            return
        cell = find_cell()
        loaded, binding = emitter.load(VALUE, cell, _CELL_VALUE), emitter.load(_BINDING.type, cell, _BINDING.offset)
        assert isinstance(loaded, Aggregate) and isinstance(binding, Word)
        other = fields.exit(item)
        is_expected, content = of_kind(emitter, loaded, kind)
        emitter.continue_if(is_expected, other)
        emitter.continue_if(emitter.compare("eq", binding, constant_word(_BINDING.type, MUTABLE)), other)
        if clones_are_rare(word):
            fields.take_part(item, content, other)
        else:
            fields.take_part(item, content, self.operations.arguments(item, meaning_without_feedback(item.name)))

    def _fixed_function(self, cell: Word, number: int) -> FunctionWord:
        """The closure in a global that never changes."""
        translator, emitter = self.translator, self.emitter
        whole = translator.root.request
        if number == whole.number and whole.is_function and not whole.chunk.captures:
            pointer = OWN_CLOSURE
        elif number == translator.request.number and not translator.chunk.captures:
            pointer = emitter.closure
        else:
            pointer = emitter.load_constant(struct_type(FunctionObject), cell, _CELL_VALUE + 8)
        return FunctionWord(pointer, emitter.define(I64, f"ptrtoint ptr {pointer.text} to i64"), number)
