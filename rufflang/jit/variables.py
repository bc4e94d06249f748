"""Globals, and functions that are known because of where they come from.

A global that has its value for ever, and a closure made in the same code, tell which function a call of
it reaches; such a value's payload is a `FunctionWord`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rufflang.bytecode.flow import Instruction
from rufflang.interpreter.table import meaning_of
from rufflang.jit.emitter import OWN_CLOSURE
from rufflang.jit.request import SPECULATED
from rufflang.jit.words import VALUE, FunctionWord, value
from rufflang.lowpy.types import I64, struct_type
from rufflang.lowpy.values import Aggregate, Word
from rufflang.runtime.objects import CellObject, FunctionObject
from rufflang.runtime.values import FUNCTION

if TYPE_CHECKING:
    from rufflang.jit.operations import Operations

_CELL_VALUE = struct_type(CellObject).fields["value"].offset


class Variables:
    """GET_GLOBAL and MAKE_FUNCTION."""

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
        cell = self.operations.constant_object(item.b, struct_type(CellObject))
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
        is_same = emitter.compare("eq", loaded.words[0], emitter.number(known.tag))
        emitter.guard(is_same, lambda: translator.side_exit(item.pc))
        self.operations.set_register(item.a, value(known.tag, loaded.words[1]))

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
