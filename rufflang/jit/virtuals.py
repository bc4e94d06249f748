"""Struct instances that are not made as long as nobody needs them in memory.

A literal gives a *virtual* instance: a value whose payload is a `VirtualWord`, with the values of its fields as SSA
words.  Reading a field takes the word; writing one gives another virtual instance in that register; moves, method
dispatch, the arguments and results of inlined calls, joins with others of the same shape, and loops that go round with
them leave it as it is.  Whatever else is done with it (being stored, passed, returned) needs a real one, which is made
there, and the emitter's own methods see to that, so the rest of the JIT need not know.  Code that leaves for the
interpreter makes it on its way out.

Containers are values, so nobody can tell one made twice from one made once, if only what is made has no part that
could be written in place: fields hold numbers, strings and the like, what bears the mark, or virtual instances,
which are made anew each time.
Otherwise a virtual instance is like a real one: it has one holder, or the mark.

Where something that came into a loop as a virtual instance is made in there, that would happen in every round.  Then
the translation starts again, with a real one made before the loop (`loops`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rufflang.jit.words import (
    SHARED_OFFSET,
    Definition,
    LoopPlace,
    MarkedWord,
    OptionWord,
    VirtualWord,
    known_tag,
    option_of,
    value,
    virtual_of,
)
from rufflang.lowpy.emitter import Edge
from rufflang.lowpy.function import as_low
from rufflang.lowpy.types import I64, U8, struct_type
from rufflang.lowpy.values import Aggregate, SsaValue, Word, constant_word, same
from rufflang.records import Record
from rufflang.runtime import results
from rufflang.runtime.heap import take_cell
from rufflang.runtime.objects import Object, StructObject
from rufflang.runtime.structs import instance_to_fill
from rufflang.runtime.structs_layout import (
    FIRST_TAGS,
    SHAPE_SHIFT,
    TAG_BITS,
    TAGS,
    TAGS_SHIFT,
    WORD,
    field_place,
    instance_size,
    payload_place,
)
from rufflang.runtime.values import BOOL, FLOAT, INT, MARKED_TAGS, NULL, OBJECT_TAGS, OPTION, STRUCT, tag_set

if TYPE_CHECKING:
    from rufflang.jit.emitter import JitEmitter

_STRUCT = struct_type(StructObject)
_OBJECT = struct_type(Object)
_WITHOUT_MARKS = (tag_set(NULL, BOOL, INT, FLOAT) | OBJECT_TAGS) & ~MARKED_TAGS
"""Kinds of values that nobody writes, so that it does not matter how many hold one."""
MOST_FIELDS = 16
"""Fields of a virtual instance, together with those of virtual instances in it."""


class Made(Record):
    """Among what is established: a virtual instance has been made, with this address."""

    instance: VirtualWord
    payload: str


class Virtuals:
    """The virtual instances in the code that one emitter writes."""

    def __init__(self, emitter: JitEmitter) -> None:
        self.emitter = emitter
        self.loops: set[tuple[tuple[int, ...], int]] = set()
        """The loops that the position is in."""
        self.needed: set[LoopPlace] = set()
        """Where something came into a loop that was made in there."""
        self._is_aside = False
        self._are_any = False

    @contextmanager
    def aside(self) -> Iterator[None]:
        """While it lasts, code is written that hardly ever runs."""
        before, self._is_aside = self._is_aside, True
        try:
            yield
        finally:
            self._is_aside = before

    # --------------------------------------------------------------------- instances

    def defined(self, definition: Definition) -> Definition:
        """A definition, by the address where that number has been found before, if it has.

        A number belongs to one definition as long as that is in use.
        """
        for fact in self.emitter.established:
            if isinstance(fact, Definition) and fact.shape == definition.shape:
                return fact
        self.emitter.established |= {definition}
        return definition

    def new(
        self, definition: Definition, fields: Sequence[Aggregate],
        places: frozenset[LoopPlace] = frozenset(), *, is_shared: bool = False,
    ) -> Aggregate:  # fmt: skip
        """A virtual instance."""
        self._are_any = True
        prepared = tuple(self.emitter.prepared(field) for field in fields)
        assert all(isinstance(field, Aggregate) for field in prepared)
        text = self.emitter.fresh("instance")
        return value(STRUCT, VirtualWord(text, definition, prepared, places, is_shared=is_shared))  # type: ignore[arg-type]

    def again(
        self, instance: VirtualWord, places: frozenset[LoopPlace] = frozenset(), *, is_shared: bool = False
    ) -> Aggregate:
        """Another virtual instance with the same fields."""
        return self.new(instance.definition, instance.fields, instance.places | places, is_shared=is_shared)

    def with_field(self, instance: VirtualWord, name: str, new: Aggregate) -> Aggregate | None:
        """The instance with a field written, if it can be virtual."""
        names = instance.definition.names
        if name not in names:
            return None
        slot = names.index(name)
        fields = (*instance.fields[:slot], new, *instance.fields[slot + 1 :])
        if not may_be_fields((new,)) or _size(fields) > MOST_FIELDS:
            return None
        return self.new(instance.definition, fields, instance.places)

    def forget(self) -> None:
        """Does no longer rely on addresses found on the way to the position."""
        emitter = self.emitter
        emitter.established = frozenset(
            fact for fact in emitter.established if not isinstance(fact, Made | Definition)
        )

    def made(self, instance: VirtualWord) -> Aggregate | None:
        """The real instance, if it has been made on every way to the position."""
        for fact in self.emitter.established:
            if isinstance(fact, Made) and fact.instance is instance:
                return value(STRUCT, Word(I64, fact.payload))
        return None

    # ------------------------------------------------------------------------ making

    def option(self, item: Aggregate) -> Aggregate:
        """An option that is not made yet."""
        self._are_any = True
        return value(OPTION, OptionWord(self.emitter.fresh("option"), item))

    def real_option(self, option: OptionWord) -> Aggregate:
        """The option, which is made here."""
        made = self.emitter.call(as_low(results.option_of), [self.emitter.vm, option.item])
        assert isinstance(made, Aggregate)
        return value(OPTION, made.words[1])

    def real(self, instance: VirtualWord) -> Aggregate:
        """The real instance, which is made here if it has not been yet."""
        made = self.made(instance)
        if made is None:
            if not self._is_aside:
                self.needed |= {place for place in _places(instance) if place[:2] in self.loops}
            made = self._make(instance)
            self.emitter.established |= {Made(instance, made.words[1].text)}
        return made

    def _make(self, instance: VirtualWord) -> Aggregate:
        # Each has its parts for itself, so these are never what was made of a part elsewhere.
        parts = (virtual_of(field) for field in instance.fields)
        fields = [
            field if part is None else self._make(part) for field, part in zip(instance.fields, parts, strict=True)
        ]
        return self.make(instance.definition, fields, is_shared=instance.is_shared)

    def make(self, definition: Definition, fields: Sequence[Aggregate], *, is_shared: bool = False) -> Aggregate:
        """A new instance: a cell from the free list, and a store for each of its words."""
        emitter, address, tags = self.emitter, definition.address, self._tags(fields[:FIRST_TAGS])
        if self._is_aside:
            cell: SsaValue | None = emitter.call(as_low(instance_to_fill), [emitter.vm, address, tags])
        else:
            size = emitter.number(instance_size(len(fields)))
            cell, _ = emitter.inline(as_low(take_cell), [emitter.vm, size, emitter.number(STRUCT)])
        assert isinstance(cell, Word)
        instance = Word(_STRUCT, cell.text)
        if not self._is_aside:
            self._store_header(instance, definition, tags)
        if is_shared:
            emitter.store(instance, SHARED_OFFSET, constant_word(U8, 1))
        for slot in range(FIRST_TAGS, len(fields), TAGS):
            tags = self._tags(fields[slot : slot + TAGS])
            bits = emitter.define(I64, f"call i64 @llvm.fshl.i64(i64 {tags.text}, i64 {tags.text}, i64 {TAGS_SHIFT})")
            self._store_bits(instance, field_place(slot) & -WORD, bits)
        for slot, field in enumerate(fields):
            self.store_payload(instance, field_place(slot), field)
        return value(STRUCT, emitter.define(I64, f"ptrtoint ptr {cell.text} to i64"))

    def _tags(self, values: Sequence[Aggregate]) -> Word:
        """The tags of fields in one word, from the lowest byte on."""
        known = 0
        others: list[Word] = []
        for index, new in enumerate(values):
            tag = known_tag(new)
            if tag is None:
                others.append(self.emitter.define(I64, f"shl i64 {new.words[0].text}, {TAG_BITS * index}"))
            else:
                known |= tag << TAG_BITS * index
        tags = constant_word(I64, known)
        for other in others:
            tags = self.emitter.define(I64, f"or i64 {tags.text}, {other.text}")
        return tags

    def _store_header(self, instance: Word, definition: Definition, tags: Word) -> None:
        emitter = self.emitter
        above = emitter.define(I64, f"shl i64 {tags.text}, {TAGS_SHIFT}")
        self._store_bits(instance, 0, emitter.define(I64, f"or i64 {above.text}, {definition.shape << SHAPE_SHIFT}"))
        # The number in the header is all that keeps the definition alive, and the address did so up to here.
        memory = "memory(inaccessiblemem: readwrite)"
        emitter.line(f'call void asm sideeffect "", "r"(ptr {definition.address.text}) nounwind willreturn {memory}')

    def _store_bits(self, instance: Word, place: int, bits: Word) -> None:
        # Not marked: the bytes of the word are read and written one by one later.
        self.emitter.line(f"store i64 {bits.text}, ptr {self.emitter.address(instance, place).text}")

    def store_payload(self, instance: Word, place: int, new: Aggregate) -> None:
        """Puts the payload of a value into the declared field at a place."""
        address = self.emitter.address(instance, payload_place(place))
        memory = self.field_memory(place, "payload")
        self.emitter.line(f"store i64 {new.words[1].text}, ptr {address.text}, !tbaa {memory}")

    def field_memory(self, place: int, part: str) -> str:
        """The class of words that the `tag` or `payload` of the field at a place belongs to."""
        return self.emitter.module.memory("value", f"{part} of the field at {place}")

    # ------------------------------------------------------------------------- joins

    def agree(self, edges: Sequence[Edge]) -> Sequence[Edge]:
        """Edges that can be joined: where not all bring the same shape, what they bring is made."""
        if not self._are_any:
            return edges
        first = edges[0].environment
        shared = [name for name in first if all(name in edge.environment for edge in edges)]
        names = [name for name in shared if not _can_join([edge.environment[name] for edge in edges])]
        values = [edge.value for edge in edges if edge.value is not None]
        makes_values = not _can_join(values)
        return [self._with_real(edge, names, makes_values) for edge in edges] if names or makes_values else edges

    def _with_real(self, edge: Edge, names: Sequence[str], makes_value: bool) -> Edge:
        emitter, environment, given = self.emitter, dict(edge.environment), edge.value
        virtual = [name for name in names if is_unmade(environment[name])]
        if not virtual and not (makes_value and is_unmade(given)):
            return edge
        emitter.reopen(edge.block)
        for name in virtual:
            environment[name] = emitter.real(environment[name])
        if makes_value and given is not None:
            given = emitter.real(given)
        return Edge(emitter.leave(), environment, given)

    def phi(self, items: list[tuple[VirtualWord, str]]) -> VirtualWord:
        """What several virtual instances that can be joined become."""
        first = items[0][0]
        if all(item is first for item, _ in items):
            return first
        fields = [
            self.emitter.phi([(item.fields[slot], block) for item, block in items])
            for slot in range(len(first.fields))
        ]
        places = frozenset[LoopPlace]().union(*(item.places for item, _ in items))
        address = self.emitter.phi([(item.definition.address, block) for item, block in items])
        assert isinstance(address, Word)
        definition = Definition(first.definition.shape, address, first.definition.names)
        joined = virtual_of(self.new(definition, fields, places))  # type: ignore[arg-type]
        assert joined is not None
        return joined


def is_unmade(item: SsaValue | None) -> bool:
    """Whether a value is an instance or option that has not been made."""
    return virtual_of(item) is not None or option_of(item) is not None


def may_be_fields(fields: Sequence[Aggregate]) -> bool:
    """Whether an instance with these values in its fields can be virtual."""
    return _size(fields) <= MOST_FIELDS and all(
        is_without_marks(field) or isinstance(field.words[1], MarkedWord | VirtualWord) for field in fields
    )


def is_without_marks(item: Aggregate) -> bool:
    """Whether a value is certainly of a kind that nobody writes."""
    tag = known_tag(item)
    return tag is not None and bool(_WITHOUT_MARKS >> tag & 1)


def _places(instance: VirtualWord) -> frozenset[LoopPlace]:
    parts = [virtual_of(field) for field in instance.fields]
    return instance.places.union(*(_places(part) for part in parts if part is not None))


def _size(fields: Sequence[Aggregate]) -> int:
    parts = [virtual_of(field) for field in fields]
    return sum(1 if part is None else 1 + _size(part.fields) for part in parts)


def _can_join(items: Sequence[SsaValue]) -> bool:
    """Whether values that come to the same place are all real, or virtual instances of one structure."""
    options = [option_of(item) for item in items]
    if any(options):
        return all(option is options[0] for option in options)
    virtual = [virtual_of(item) for item in items]
    first = virtual[0] if virtual else None
    if first is None:
        return all(item is None for item in virtual)
    if any(item is None or item.definition.shape != first.definition.shape for item in virtual):
        return False
    return all(same(item, items[0]) for item in items) or all(
        _can_join([item.fields[slot] for item in virtual if item is not None]) for slot in range(len(first.fields))
    )


def fits(instance: VirtualWord | None, wanted: VirtualWord) -> bool:
    """Whether an instance has the shape of another, and what is known of its fields."""
    if instance is None or instance.definition.shape != wanted.definition.shape:
        return False
    for field, other in zip(instance.fields, wanted.fields, strict=True):
        part, tag = virtual_of(other), known_tag(other)
        if isinstance(other.words[1], MarkedWord) and not isinstance(field.words[1], MarkedWord):
            return False
        if not (virtual_of(field) is None and tag in (None, known_tag(field)) if part is None
                else fits(virtual_of(field), part)):  # fmt: skip
            return False
    return True
