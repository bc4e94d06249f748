"""Field access by the shape that the inline cache has seen.

The instance's definition number is compared once; then the field is a load or store at a
known place.  Any other receiver takes the general path, which needs no exit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rufflang.interpreter.table import WITHOUT_FEEDBACK
from rufflang.jit.code import Instruction
from rufflang.jit.emitter import VALUE, known_tag
from rufflang.lowpy.emitter import Edge
from rufflang.lowpy.types import BOOL, U32, struct_type
from rufflang.lowpy.values import Aggregate, SsaValue, Word
from rufflang.runtime.objects import Object, StringObject, StructObject
from rufflang.runtime.values import STRUCT, UNBOUND

if TYPE_CHECKING:
    from rufflang.jit.operations import Operations

_STRUCT = struct_type(StructObject)
_FIELDS_OFFSET = _STRUCT.fields["fields"].offset
_SHAPE_OFFSET = struct_type(Object).fields["aux"].offset


class Fields:
    """GET_FIELD and SET_FIELD."""

    def __init__(self, operations: Operations) -> None:
        self.operations = operations
        self.translator = operations.translator
        self.emitter = operations.emitter

    def _cached(self, item: Instruction) -> tuple[int, int]:
        """The definition number and slot in the cache; number 0 when there is none."""
        word = self.translator.request.words[item.pc + 1]
        return word >> 32, word & 0xFFFF

    def has_shape(self, receiver: Aggregate, shape: int) -> Word:
        """Whether a struct instance has a definition."""
        instance = self.instance(receiver)
        number = self.emitter.load(U32, instance, _SHAPE_OFFSET)
        assert isinstance(number, Word)
        return self.emitter.define(BOOL, f"icmp eq i32 {number.text}, {shape}")

    def instance(self, receiver: Aggregate) -> Word:
        return self.emitter.define(_STRUCT, f"inttoptr i64 {receiver.words[1].text} to ptr")

    def get(self, item: Instruction) -> None:
        receiver = self.operations.register(item.b)
        shape, slot = self._cached(item)
        name = self.operations.constant_object(item.c, struct_type(StringObject))
        result = self._either(receiver, shape, lambda: self._load(receiver, slot), [receiver, name], "GET_FIELD")
        result = self.translator.guard_kind(item, item.a, result)
        self.translator.check_error(item, result)
        self.operations.set_register(item.a, result)

    def set(self, item: Instruction) -> None:
        receiver, new = self.operations.register(item.a), self.operations.register(item.c)
        shape, slot = self._cached(item)
        name = self.operations.constant_object(item.b, struct_type(StringObject))
        result = self._either(
            receiver, shape, lambda: self._store(receiver, slot, new), [receiver, name, new], "SET_FIELD"
        )
        self.translator.check_error(item, result)

    def _load(self, receiver: Aggregate, slot: int) -> tuple[Aggregate, Word | None]:
        loaded = self.emitter.load(VALUE, self.instance(receiver), _FIELDS_OFFSET + 16 * slot)
        assert isinstance(loaded, Aggregate)
        return loaded, self.emitter.compare("eq", loaded.words[0], self.emitter.number(UNBOUND))

    def _store(self, receiver: Aggregate, slot: int, new: Aggregate) -> tuple[Aggregate, Word | None]:
        self.emitter.store(self.instance(receiver), _FIELDS_OFFSET + 16 * slot, new)
        return new, None

    def _either(
        self,
        receiver: Aggregate,
        shape: int,
        quick: Callable[[], tuple[Aggregate, Word | None]],
        general: list[SsaValue],
        opcode: str,
    ) -> Aggregate:
        """The quick path when the receiver has the cached shape, else the general one."""
        emitter = self.emitter
        meaning = WITHOUT_FEEDBACK[opcode]
        tag = known_tag(receiver)
        if shape == 0 or tag not in (STRUCT, None):
            result = emitter.call(meaning, [emitter.vm, *general])
            assert isinstance(result, Aggregate)
            return result
        slow = emitter.new_label("general")
        edges: list[Edge] = []
        if tag is None:
            self._continue_if(emitter.compare("eq", receiver.words[0], emitter.number(STRUCT)), slow)
        self._continue_if(self.has_shape(receiver, shape), slow)
        value_found, missing = quick()
        if missing is not None:
            self._continue_if(emitter.negation(missing), slow)
        edges.append(Edge(emitter.leave(), {}, value_found))
        emitter.start(slow)
        answer = emitter.call(meaning, [emitter.vm, *general])
        edges.append(Edge(emitter.leave(), {}, answer))
        _, merged = emitter.land(edges, "field")
        assert isinstance(merged, Aggregate)
        return merged

    def _continue_if(self, condition: Word, otherwise: str) -> None:
        """Goes on in a new block when the condition holds, else to a label."""
        emitter = self.emitter
        fine = emitter.new_label("yes")
        emitter.branch(condition, fine, otherwise)
        emitter.start(fine)

