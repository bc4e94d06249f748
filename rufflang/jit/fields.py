"""Fields of struct instances by the shapes that the inline caches have seen.

Once the instance's shape is found to be one of those, the field is a load or store at a known place.
Where an access has met a single shape, anything else (another receiver, a field that is absent, a value
of another kind than so far) leaves for the interpreter, which does the access and notes what it met,
also an error.  So compiled code goes on knowing what it has checked, and LLVM finds that another check
of the same instance is not needed.  Where there were several shapes, other receivers take the general
path, so that a program whose shapes keep changing does not keep leaving.

A field has the same place in every instance of its struct and never shares it with another, which
is told to LLVM (`_field_memory`): a write of one field leaves what is known of the others.
"""

from __future__ import annotations

from rufflang.bytecode.flow import Instruction
from rufflang.interpreter.feedback import KINDS_SHIFT, OTHER_KIND
from rufflang.interpreter.shape_cache import FIRST_FIELD
from rufflang.interpreter.table import meaning_without_feedback
from rufflang.jit.emitter import VM_TYPE
from rufflang.jit.making import field_memory, store_payload
from rufflang.jit.narrowing import of_kind, of_kinds_seen
from rufflang.jit.ownership import owned
from rufflang.jit.request import single_kind
from rufflang.jit.shapes import FieldPlaces, clones_are_rare, field_places
from rufflang.jit.unmade import VirtualWord, definition_of, virtual_of
from rufflang.jit.virtual_forms import InstanceForm
from rufflang.jit.words import VALUE, Definition, known_tag
from rufflang.lowpy.emitter import Edge
from rufflang.lowpy.function import as_low
from rufflang.lowpy.types import I64, U8, U16, struct_type
from rufflang.lowpy.values import Aggregate, SsaValue, Word, constant_word
from rufflang.runtime.indexing import index_get
from rufflang.runtime.objects import Object, StringObject, StructDefinition, StructObject
from rufflang.runtime.structs_layout import NUMBER, SHAPE_PLACE, field_place, payload_place
from rufflang.runtime.values import (
    ARRAY,
    BOOL,
    DICT,
    FLOAT,
    INT,
    QUEUE,
    SET,
    STACK,
    STRING,
    STRUCT,
    UNBOUND,
)

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence
    from typing import TypeVar

    from rufflang.jit.operations import Operations

    _Answer = TypeVar("_Answer", bound=Hashable)

_STRUCT = struct_type(StructObject)
_OBJECT = struct_type(Object)
_LASTING_KINDS = (BOOL, INT, FLOAT, STRING, ARRAY, DICT, SET, QUEUE, STACK)
"""Kinds of values that a field which has one mostly keeps; links between structs may be null at any time."""


class Fields:
    """GET_FIELD, SET_FIELD, and the opcodes that prepare a place for being written."""

    def __init__(self, operations: Operations) -> None:
        self.operations = operations
        self.translator = operations.translator
        self.emitter = operations.emitter

    # ----------------------------------------------------------------------- instances

    def instance(self, receiver: Aggregate) -> Word:
        return self.emitter.define(_STRUCT, f"inttoptr i64 {receiver.words[1].text} to ptr")

    def shape(self, receiver: Aggregate) -> Word:
        """The shape of an instance."""
        place = self.emitter.address(self.instance(receiver), SHAPE_PLACE)
        return self.emitter.define(U16, f"load i16, ptr {place.text}, !tbaa {self.memory('shape')}")

    def has_shape(self, receiver: Aggregate, shape: int) -> Word:
        """Whether a struct instance has a shape."""
        return self.emitter.compare("eq", self.shape(receiver), constant_word(U16, shape))

    def definition(self, shape: int) -> Word:
        """The definition of the instances of a shape.

        The VM has it by its number, so that nothing has to wait for the instance, which may have been made just now.
        """
        place = VM_TYPE.fields["definitions"].offset + 8 * (shape & NUMBER)
        return self.emitter.load_constant(struct_type(StructDefinition), self.emitter.vm, place)

    def memory(self, *classes: str) -> str:
        return self.emitter.module.memory(*classes)

    # ------------------------------------------------------------------------- opcodes

    def get(self, item: Instruction) -> None:
        virtual = virtual_of(self.operations.known(item.b))
        place = self._place(virtual, item.c)
        result = self._get(item, item.pc + 1) if virtual is None or place is None else virtual.parts[place]
        self.operations.set_register(item.a, result)

    def _place(self, virtual: VirtualWord | None, name: int) -> int | None:
        """Where a virtual container has the field of that name, a constant, if it is an instance with such a field."""
        if virtual is None or not isinstance(virtual.form, InstanceForm):
            return None
        text, names = self.translator.chunk.constants[name], virtual.form.definition.names
        return names.index(text) if text in names else None

    def _get(self, item: Instruction, cache: int) -> Aggregate:
        """The value of the field C of register B."""
        receiver = self.operations.register(item.b)
        places = field_places(self.translator.request.words, cache)
        kinds = self.translator.request.words[cache + FIRST_FIELD] >> KINDS_SHIFT & 0xFFFF
        if not places.by_shape or known_tag(receiver) not in (STRUCT, None):
            return self._get_generally(item, receiver)
        if places.is_single and not kinds >> OTHER_KIND:
            other = self.exit(item)
            return self._expect_seen(self._load(receiver, places, other), kinds, other)
        other = self.emitter.new_label("general")
        found = self._expect(self._load(receiver, places, other), None, other)
        edges = [Edge(self.emitter.leave(), {}, found)]
        self.emitter.start(other)
        answer = self._get_generally(item, receiver)
        edges.append(Edge(self.emitter.leave(), {}, answer))
        _, merged = self.emitter.land(edges, "field")
        assert isinstance(merged, Aggregate)
        kind = single_kind(kinds)
        return merged if kind is None else self._expect(merged, kind, self.exit(item))

    def _get_generally(self, item: Instruction, receiver: Aggregate) -> Aggregate:
        name = self.operations.constant_object(item.c, struct_type(StringObject))
        result = self.emitter.call(meaning_without_feedback(item.name), [self.emitter.vm, receiver, name])
        assert isinstance(result, Aggregate)
        self.translator.check_error(item, result)
        return result

    def set(self, item: Instruction) -> None:
        virtual = self.operations.virtual(item.a)
        place = self._place(virtual, item.b)
        if virtual is not None and place is not None:
            written = self.emitter.virtuals.with_part(virtual, place, self.operations.unmade(item.c))
            if written is not None:
                self.operations.set_register(item.a, written)
                return
        receiver, new = self.operations.register(item.a), self.operations.register(item.c)
        places = field_places(self.translator.request.words, item.pc + 1)
        if not places.by_shape or known_tag(receiver) not in (STRUCT, None):
            self._set_generally(item, receiver, new)
        elif places.is_single:
            self._store(receiver, places, new, self.exit(item))
        else:
            other = self.emitter.new_label("general")
            self._store(receiver, places, new, other)
            edges = [Edge(self.emitter.leave(), {})]
            self.emitter.start(other)
            self._set_generally(item, receiver, new)
            edges.append(Edge(self.emitter.leave(), {}))
            self.emitter.land(edges, "field")

    def _set_generally(self, item: Instruction, receiver: Aggregate, new: Aggregate) -> None:
        name = self.operations.constant_object(item.b, struct_type(StringObject))
        arguments: list[SsaValue] = [self.emitter.vm, receiver, name, new]
        result = self.emitter.call(meaning_without_feedback(item.name), arguments)
        assert isinstance(result, Aggregate)
        self.translator.check_error(item, result)

    # -------------------------------------------------------------- on the way to a place

    def own(self, item: Instruction) -> None:
        """Makes sure that the container in a register may be written in place."""
        if self.translator.ownership.is_owned(item.a):
            return
        virtual = self.operations.virtual(item.a)
        if virtual is not None:
            if virtual.is_shared:
                self.operations.set_register(item.a, self.emitter.virtuals.again(virtual))
            return
        owner = self.operations.register(item.a)
        tag = known_tag(owner)
        if tag is None or not clones_are_rare(self.translator.request.words[item.pc + 1]):
            self.operations.replay(item)
        elif ARRAY <= tag <= STACK:
            self.expect_unshared(owner, self.exit(item))
        self.operations.set_register(item.a, owned(self.operations.register(item.a)))

    def own_index(self, item: Instruction) -> None:
        """An element of an array on the way to a place inside it."""
        row = self.translator.loops.hoisting.elements.get(item.pc)
        if row is not None:
            self.operations.set_register(item.a, row)
            return
        word = self.translator.request.words[item.pc + 1]
        kind = single_kind(word >> KINDS_SHIFT & 0xFFFF)
        base, index = self.operations.register(item.b), self.operations.register(item.c)
        if kind is None or (known_tag(base), known_tag(index)) != (ARRAY, INT):
            self.operations.replay(item)
            return
        arguments: list[SsaValue] = [self.emitter.vm, base, index]
        found, raises = self.emitter.inline(as_low(index_get), arguments)
        self.translator.landed_raises(item, raises)
        assert isinstance(found, Aggregate)
        part = self._expect(found, kind, other := self.exit(item))
        self.take_part(item, part, other if clones_are_rare(word) else arguments)

    def own_field(self, item: Instruction) -> None:
        """A field on the way to a place inside it."""
        words = self.translator.request.words
        places = field_places(words, item.pc + 2)
        part = self._get(item, item.pc + 2) if places.is_single else None
        if part is None or known_tag(part) is None:
            self.operations.replay(item)
            return
        if clones_are_rare(words[item.pc + 1]):
            self.take_part(item, part, self.exit(item))
        else:
            self.take_part(item, part, self.operations.arguments(item, meaning_without_feedback(item.name)))

    def take_part(self, item: Instruction, part: Aggregate, otherwise: str | list[SsaValue]) -> None:
        """Takes a part that has one holder; what has several is left to a label, or cloned by the opcode's meaning."""
        if ARRAY <= (known_tag(part) or 0) <= STACK:
            if isinstance(otherwise, str):
                self.expect_unshared(part, otherwise)
            else:
                part = self._cloned_if_shared(item, part, otherwise)
        self.operations.set_register(item.a, part)

    def _cloned_if_shared(self, item: Instruction, part: Aggregate, arguments: list[SsaValue]) -> Aggregate:
        emitter = self.emitter
        several, single = emitter.new_label("several"), emitter.new_label("single")
        is_shared = emitter.compare("ne", emitter.mark_of(part), constant_word(U8, 0))
        emitter.branch(emitter.unlikely(is_shared), several, single)
        emitter.start(several)
        cloned = emitter.call(meaning_without_feedback(item.name), arguments)
        assert isinstance(cloned, Aggregate)
        self.translator.check_error(item, cloned)
        edges = [Edge(emitter.leave(), {}, Aggregate(VALUE, (part.words[0], cloned.words[1])))]
        emitter.start(single)
        _, taken = emitter.land([*edges, Edge(emitter.leave(), {}, part)], "place")
        assert isinstance(taken, Aggregate)
        return taken

    # ------------------------------------------------------------------------- checks

    def exit(self, item: Instruction) -> str:
        """The label of code that lets the interpreter do the instruction."""
        emitter = self.emitter
        other, here = emitter.new_label("unforeseen"), emitter.new_label("check")
        emitter.jump(here)
        emitter.start(other)
        self.translator.side_exit(item.pc)
        emitter.start(here)
        return other

    def _expect(self, result: Aggregate, kind: int | None, other: str) -> Aggregate:
        """Goes on with a value that is there and, if a kind is given, of that kind."""
        tag, emitter = known_tag(result), self.emitter
        if tag is not None and kind in (None, tag):
            return result
        if kind is None:
            emitter.continue_if(emitter.compare("ne", result.words[0], emitter.number(UNBOUND)), other)
            return result
        right, narrowed = of_kind(emitter, result, kind)
        emitter.continue_if(right, other)
        return narrowed

    def _expect_seen(self, result: Aggregate, kinds: int, other: str) -> Aggregate:
        """Goes on with a value that is there and of the kinds in a feedback bit set, if these are worth a test."""
        test = None if known_tag(result) is not None else of_kinds_seen(self.emitter, result, kinds)
        if test is None:
            return self._expect(result, None, other)
        right, narrowed = test
        self.emitter.continue_if(right, other)
        return narrowed

    def expect_unshared(self, owner: Aggregate, other: str) -> None:
        shared = self.emitter.mark_of(owner)
        self.emitter.continue_if(self.emitter.compare("eq", shared, constant_word(U8, 0)), other)

    # ------------------------------------------------------------------- loads and stores

    def taken_apart(self, instance: Aggregate, known: Definition, wanted: Sequence[Aggregate], start: int) -> Aggregate:
        """A virtual instance like a real one of that shape with fields of those kinds; else the loop is left."""
        emitter, other, here = self.emitter, self.emitter.new_label("unforeseen"), self.emitter.new_label("check")
        emitter.jump(here)
        emitter.start(other)
        self.translator.side_exit(start)
        emitter.start(here)
        emitter.continue_if(self.has_shape(instance, known.shape), other)
        definition = Definition(known.shape, self.definition(known.shape), known.names)
        found = [self._load_field(instance, field_place(slot)) for slot in range(len(wanted))]
        fields = [self._expect(item, known_tag(field), other) for item, field in zip(found, wanted, strict=True)]
        return emitter.virtuals.new(InstanceForm(emitter.virtuals.defined(definition)), fields)

    def _load(self, receiver: Aggregate, places: FieldPlaces, other: str) -> Aggregate:
        """The field's value, which may be missing; leaves for `other` where the shape is not among those seen."""
        edges = []
        for place in self.by_shape(receiver, places.by_shape, other):
            found = self._load_field(receiver, place)
            edges.append(Edge(self.emitter.leave(), {}, found))
        _, merged = self.emitter.land(edges, "loaded")
        assert isinstance(merged, Aggregate)
        return merged

    def _store(self, receiver: Aggregate, places: FieldPlaces, new: Aggregate, other: str) -> None:
        edges = []
        for place in self.by_shape(receiver, places.by_shape, other):
            self._store_field(self.instance(receiver), place, new)
            edges.append(Edge(self.emitter.leave(), {}))
        self.emitter.land(edges, "stored")

    def _store_field(self, instance: Word, place: int, new: Aggregate) -> None:
        tag = self.emitter.convert(U8, new.words[0])
        address = self.emitter.address(instance, place)
        store = f"store i8 {tag.text}, ptr {address.text}, !tbaa {self._field_memory(place, 'tag')}"
        if known_tag(new) in _LASTING_KINDS:
            self._unless_there(self._load_tag(instance, place), tag, store)
        else:
            self.emitter.line(store)
        store_payload(self.emitter, instance, place, new)

    def _unless_there(self, present: Word, tag: Word, store: str) -> None:
        """A store that is left out where the tag is what it was, as it mostly is, and often known to be."""
        emitter = self.emitter
        changes, behind = emitter.new_label("changes"), emitter.new_label("kept")
        emitter.branch(emitter.compare("ne", present, tag), changes, behind)
        emitter.start(changes)
        emitter.line(store)
        emitter.jump(behind)
        emitter.start(behind)

    def _load_tag(self, instance: Word, place: int) -> Word:
        address = self.emitter.address(instance, place)
        return self.emitter.define(U8, f"load i8, ptr {address.text}, !tbaa {self._field_memory(place, 'tag')}")

    def _load_field(self, receiver: Aggregate, place: int) -> Aggregate:
        emitter, instance = self.emitter, self.instance(receiver)
        tag = self._load_tag(instance, place)
        address = emitter.address(instance, payload_place(place))
        payload = emitter.define(I64, f"load i64, ptr {address.text}, !tbaa {self._field_memory(place, 'payload')}")
        return Aggregate(VALUE, (emitter.convert(I64, tag), payload))

    def _field_memory(self, place: int, part: str) -> str:
        return field_memory(self.emitter, place, part)

    def by_shape(self, receiver: Aggregate, answers: Mapping[int, _Answer], other: str) -> Iterator[_Answer]:
        """Each answer in turn, in a block of its own for the shapes that have it; others lead to `other`."""
        emitter, definition = self.emitter, definition_of(receiver)
        if definition is not None:
            yield answers[definition.shape]
            return
        if known_tag(receiver) is None:
            self.emitter.continue_if(emitter.compare("eq", receiver.words[0], emitter.number(STRUCT)), other)
        if len(answers) == 1:
            ((shape, answer),) = answers.items()
            self.emitter.continue_if(self.has_shape(receiver, shape), other)
            yield answer
            return
        labels = {answer: emitter.new_label("shape") for answer in answers.values()}
        cases = [(shape, labels[answer]) for shape, answer in answers.items()]
        emitter.switch(self.shape(receiver), cases, other)
        for answer, label in labels.items():
            emitter.start(label)
            yield answer
