"""Struct instances and arrays that are not made as long as nobody needs them in memory.

A struct literal gives a *virtual* instance: a value whose payload is a `VirtualWord` (`unmade`), with its fields as
SSA words.  Reading a field takes the word; writing one gives another virtual instance in that register; moves, method
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

from rufflang.jit.meanwhile import Meanwhile
from rufflang.jit.ownership import owned
from rufflang.jit.unmade import OptionWord, VirtualWord, option_of, unmade_of, virtual_of
from rufflang.jit.virtual_forms import Form
from rufflang.jit.words import Definition, LoopPlace, MarkedWord, known_tag, value
from rufflang.lowpy.emitter import Edge, Environment
from rufflang.lowpy.types import I64
from rufflang.lowpy.values import Aggregate, SsaValue, Word
from rufflang.records import Record
from rufflang.runtime.values import BOOL, FLOAT, INT, MARKED_TAGS, NULL, OBJECT_TAGS, OPTION, tag_set

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from rufflang.jit.emitter import JitEmitter

_WITHOUT_MARKS = (tag_set(NULL, BOOL, INT, FLOAT) | OBJECT_TAGS) & ~MARKED_TAGS
"""Kinds of values that nobody writes, so that it does not matter how many hold one."""
MOST_PARTS = 16
"""Fields of a virtual instance, together with those of virtual instances in it."""


class Made(Record):
    """Among what is established: a virtual container has been made, with this address."""

    virtual: VirtualWord
    payload: str


class Virtuals:
    """The virtual instances in the code that one emitter writes."""

    def __init__(self, emitter: JitEmitter) -> None:
        self.emitter = emitter
        self.loops: set[tuple[tuple[int, ...], int]] = set()
        """The loops that the position is in."""
        self.needed: set[LoopPlace] = set()
        """Where something came into a loop that was made in there."""
        self.is_aside = False
        self._are_any = False

    def aside(self) -> Meanwhile:
        """While it lasts, code is written that hardly ever runs."""
        return Meanwhile(self, "is_aside", True)

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

    def container(
        self, form: Form, parts: Sequence[Aggregate], places: frozenset[LoopPlace] = frozenset(),
        *, is_shared: bool = False,
    ) -> VirtualWord:  # fmt: skip
        """A virtual container of its own."""
        self._are_any = True
        prepared = [self.emitter.prepared(part) for part in parts]
        known = tuple(part for part in prepared if isinstance(part, Aggregate))
        return VirtualWord(self.emitter.fresh("virtual"), form, known, places, is_shared=is_shared)

    def new(self, form: Form, parts: Sequence[Aggregate]) -> Aggregate:
        """A new value: a virtual container."""
        return self.value(self.container(form, parts))

    def again(
        self, virtual: VirtualWord, places: frozenset[LoopPlace] = frozenset(), *, is_shared: bool = False
    ) -> Aggregate:
        """Another virtual container with the same parts."""
        return self.value(self.container(virtual.form, virtual.parts, virtual.places | places, is_shared=is_shared))

    def with_part(self, virtual: VirtualWord, place: int, new: Aggregate) -> Aggregate | None:
        """The container with a part written, if it can be virtual."""
        parts = (*virtual.parts[:place], new, *virtual.parts[place + 1 :])
        if not may_be_parts((new,)) or _size(parts) > MOST_PARTS:
            return None
        return self.value(self.container(virtual.form, parts, virtual.places))

    @staticmethod
    def value(virtual: VirtualWord) -> Aggregate:
        """The value whose payload that is."""
        return value(virtual.form.tag, virtual)

    def forget(self) -> None:
        """Does no longer rely on addresses found on the way to the position."""
        emitter = self.emitter
        emitter.established = frozenset(
            fact for fact in emitter.established if not isinstance(fact, Made | Definition)
        )

    def made(self, virtual: VirtualWord) -> Aggregate | None:
        """The real container, if it has been made on every way to the position."""
        for fact in self.emitter.established:
            if isinstance(fact, Made) and fact.virtual is virtual:
                return value(virtual.form.tag, Word(I64, fact.payload))
        return None

    # ------------------------------------------------------------------------ making

    def option(self, item: Aggregate) -> Aggregate:
        """An option that is not made yet."""
        self._are_any = True
        return value(OPTION, OptionWord(self.emitter.fresh("option"), item))

    def real(self, virtual: VirtualWord) -> Aggregate:
        """The real container, which is made here if it has not been yet."""
        made = self.made(virtual)
        if made is None:
            if not self.is_aside:
                self.needed |= {place for place in _places(virtual) if place[:2] in self.loops}
            made = self._make(virtual)
            self.emitter.established |= {Made(virtual, made.words[1].text)}
        return made

    def settle(self, virtual: VirtualWord, environment: Environment) -> None:
        """Has all registers hold the real container that hold the virtual one.

        If it is made here and is not to bear the mark, it certainly has none.  Whoever asks must not be about to give
        the container another holder: that would be unseen by those who look after that (`Ownership.check`).
        """
        is_new = self.made(virtual) is None and not virtual.is_shared
        real = self.real(virtual)
        for name, current in environment.items():
            if virtual_of(current) is virtual:
                environment[name] = owned(real) if is_new else real

    def _make(self, virtual: VirtualWord) -> Aggregate:
        # Each has its parts for itself, so these are never what was made of a part elsewhere.
        inner = (virtual_of(part) for part in virtual.parts)
        parts = [part if of is None else self._make(of) for part, of in zip(virtual.parts, inner, strict=True)]
        return virtual.form.make(self.emitter, parts, is_shared=virtual.is_shared)

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
        virtual = [name for name in names if unmade_of(environment[name]) is not None]
        if not virtual and not (makes_value and unmade_of(given) is not None):
            return edge
        emitter.reopen(edge.block)
        for name in virtual:
            environment[name] = emitter.real(environment[name])
        if makes_value and given is not None:
            given = emitter.real(given)
        return Edge(emitter.leave(), environment, given)


def may_be_parts(parts: Sequence[Aggregate]) -> bool:
    """Whether a container of these values can be virtual."""
    return _size(parts) <= MOST_PARTS and all(
        is_without_marks(part) or isinstance(part.words[1], MarkedWord | VirtualWord) for part in parts
    )


def is_without_marks(item: Aggregate) -> bool:
    """Whether a value is certainly of a kind that nobody writes."""
    tag = known_tag(item)
    return tag is not None and bool(_WITHOUT_MARKS >> tag & 1)


def _places(virtual: VirtualWord) -> frozenset[LoopPlace]:
    inner = [virtual_of(part) for part in virtual.parts]
    return virtual.places.union(*(_places(part) for part in inner if part is not None))


def _size(parts: Sequence[Aggregate]) -> int:
    inner = [virtual_of(part) for part in parts]
    return sum(1 if part is None else 1 + _size(part.parts) for part in inner)


def _can_join(items: Sequence[SsaValue]) -> bool:
    """Whether values that come to the same place are all real, or virtual containers of one structure."""
    options = [option_of(item) for item in items]
    if any(options):
        return all(option is options[0] for option in options)
    virtual = {virtual_of(item) for item in items}
    return len(virtual) <= 1 or len({None if item is None else item.structure() for item in virtual}) == 1


def fits(virtual: VirtualWord | None, wanted: VirtualWord) -> bool:
    """Whether a container has the structure of another, and of its parts is known what is known of those."""
    if virtual is None or virtual.structure() != wanted.structure():
        return False
    return all(_leaf_fits(part, other) for part, other in zip(virtual.leaves(), wanted.leaves(), strict=True))


def _leaf_fits(part: Aggregate, wanted: Aggregate) -> bool:
    if isinstance(wanted.words[1], MarkedWord) and not isinstance(part.words[1], MarkedWord):
        return False
    return known_tag(wanted) in (None, known_tag(part))
