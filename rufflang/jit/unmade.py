"""Values that have not been made: payloads which stand for what would be in memory, and know how to make it.

The text of such a word is a name of its own that nothing defines.  So it must not come into the code: the emitter has
it made wherever a value goes to memory or to a function (`JitEmitter.real`), and everything else asks for it by the
functions here.  What they are good for is told by the modules that handle them: `virtuals`, `virtual_arrays`,
`options`, `destructuring`.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, TypeVar

from rufflang.jit.making import make_array, make_instance, make_option
from rufflang.jit.words import Definition, LoopPlace, known_tag
from rufflang.lowpy.types import I64
from rufflang.lowpy.values import Aggregate, SsaValue, Word, words_of
from rufflang.runtime.values import ARRAY, STRUCT

if TYPE_CHECKING:
    from rufflang.jit.emitter import JitEmitter
    from rufflang.jit.operations import Operations

_Kind = TypeVar("_Kind", bound="UnmadeWord")


class UnmadeWord(Word):
    """The payload of something that has not been made."""

    __slots__ = ()

    def __init__(self, text: str) -> None:
        super().__init__(I64, text)

    def real(self, emitter: JitEmitter) -> Aggregate:
        """The value itself, which is made at the position unless it has been on all ways there."""
        raise NotImplementedError

    def joined(self, items: Sequence[tuple[Word, str]], emitter: JitEmitter) -> Word:
        """What several such words become, this one among them, at a place to which a way leads from each block."""
        raise NotImplementedError


class OptionWord(UnmadeWord):
    """An option: `Some` of an item, or `None` where that is UNBOUND.  It is in one register only: see `options`."""

    __slots__ = ("item",)

    def __init__(self, text: str, item: Aggregate) -> None:
        super().__init__(text)
        self.item = item

    def real(self, emitter: JitEmitter) -> Aggregate:
        return make_option(emitter, self.item)

    def joined(self, items: Sequence[tuple[Word, str]], emitter: JitEmitter) -> Word:
        assert all(item is self for item, _ in items)
        return self


class PartsWord(UnmadeWord):
    """An array that is never made, and its elements: see `destructuring`."""

    __slots__ = ("parts",)

    def __init__(self, text: str, parts: tuple[Aggregate, ...]) -> None:
        super().__init__(text)
        self.parts = parts

    def joined(self, items: Sequence[tuple[Word, str]], emitter: JitEmitter) -> Word:
        return PartsWord(emitter.fresh("parts"), _joined_parts(items, emitter))


class VirtualWord(UnmadeWord):
    """A container that may never be made: see `virtuals`."""

    __slots__ = ("is_shared", "parts", "places")

    def __init__(
        self, text: str, parts: tuple[Aggregate, ...], places: frozenset[LoopPlace] = frozenset(),
        *, is_shared: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(text)
        self.parts = parts
        """What it holds."""
        self.places = places
        """The loops that it has entered, or that something did of which it was made by writing a part."""
        self.is_shared = is_shared
        """Whether it is to be made with the mark."""

    @property
    def tag(self) -> int:
        """The kind of container."""
        raise NotImplementedError

    @property
    def shape(self) -> Hashable:
        """What others must have in common with it to be joined with it."""
        raise NotImplementedError

    def like(
        self, text: str, parts: tuple[Aggregate, ...], places: frozenset[LoopPlace], *, is_shared: bool = False
    ) -> VirtualWord:
        """A container of this shape with other parts."""
        raise NotImplementedError

    def make(self, emitter: JitEmitter, parts: Sequence[Aggregate]) -> Aggregate:
        """A real one, with these parts, which are real."""
        raise NotImplementedError

    def taken_apart(self, operations: Operations, real: Aggregate, start: int) -> Aggregate:
        """A virtual container like a real one of this kind; the loop at `start` is left if that has another shape."""
        raise NotImplementedError

    def real(self, emitter: JitEmitter) -> Aggregate:
        return emitter.virtuals.real(self)

    def joined(self, items: Sequence[tuple[Word, str]], emitter: JitEmitter) -> Word:
        if all(item is self for item, _ in items):
            return self
        places = frozenset[LoopPlace]().union(*(item.places for item, _ in items if isinstance(item, VirtualWord)))
        return emitter.virtuals.like(self.common(items, emitter), _joined_parts(items, emitter), places)

    def common(self, items: Sequence[tuple[Word, str]], emitter: JitEmitter) -> VirtualWord:
        """One that has all that several have in common besides their parts."""
        return self


class VirtualInstance(VirtualWord):
    """A struct instance."""

    __slots__ = ("definition",)

    def __init__(
        self, text: str, definition: Definition, parts: tuple[Aggregate, ...],
        places: frozenset[LoopPlace] = frozenset(), *, is_shared: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(text, parts, places, is_shared=is_shared)
        self.definition = definition

    @property
    def tag(self) -> int:
        return STRUCT

    @property
    def shape(self) -> Hashable:
        return self.definition.shape

    def like(
        self, text: str, parts: tuple[Aggregate, ...], places: frozenset[LoopPlace], *, is_shared: bool = False
    ) -> VirtualWord:
        return VirtualInstance(text, self.definition, parts, places, is_shared=is_shared)

    def make(self, emitter: JitEmitter, parts: Sequence[Aggregate]) -> Aggregate:
        return make_instance(emitter, self.definition, parts, is_shared=self.is_shared)

    def taken_apart(self, operations: Operations, real: Aggregate, start: int) -> Aggregate:
        return operations.fields.taken_apart(real, self, start)

    def common(self, items: Sequence[tuple[Word, str]], emitter: JitEmitter) -> VirtualWord:
        addresses = [(item.definition.address, block) for item, block in items if isinstance(item, VirtualInstance)]
        address = emitter.phi(addresses)  # type: ignore[arg-type]
        assert isinstance(address, Word)
        definition = Definition(self.definition.shape, address, self.definition.names)
        return VirtualInstance(self.text, definition, self.parts)


class VirtualArray(VirtualWord):
    """An array, of elements whose kinds are known: from them follows how it is stored."""

    __slots__ = ()

    @property
    def tag(self) -> int:
        return ARRAY

    @property
    def shape(self) -> Hashable:
        return tuple(known_tag(part) for part in self.parts)

    def like(
        self, text: str, parts: tuple[Aggregate, ...], places: frozenset[LoopPlace], *, is_shared: bool = False
    ) -> VirtualWord:
        return VirtualArray(text, parts, places, is_shared=is_shared)

    def make(self, emitter: JitEmitter, parts: Sequence[Aggregate]) -> Aggregate:
        return make_array(emitter, parts, is_shared=self.is_shared)

    def taken_apart(self, operations: Operations, real: Aggregate, start: int) -> Aggregate:
        return operations.virtual_arrays.taken_apart(real, self, start)


def _joined_parts(items: Sequence[tuple[Word, str]], emitter: JitEmitter) -> tuple[Aggregate, ...]:
    known = [(item.parts, block) for item, block in items if isinstance(item, PartsWord | VirtualWord)]
    joined = [emitter.phi([(parts[place], block) for parts, block in known]) for place in range(len(known[0][0]))]
    return tuple(item for item in joined if isinstance(item, Aggregate))


# -------------------------------------------------------------------------- asking


def _payload(item: SsaValue | None, kind: type[_Kind]) -> _Kind | None:
    payload = words_of(item)[-1] if isinstance(item, Aggregate) else None
    return payload if isinstance(payload, kind) else None


def unmade_of(item: SsaValue | None) -> UnmadeWord | None:
    """What has not been made, if a value is such a thing."""
    return _payload(item, UnmadeWord)


def virtual_of(item: SsaValue | None) -> VirtualWord | None:
    """The virtual container, if that is what a value is."""
    return _payload(item, VirtualWord)


def instance_of(item: SsaValue | None) -> VirtualInstance | None:
    """The virtual instance, if that is what a value is."""
    return _payload(item, VirtualInstance)


def array_of(item: SsaValue | None) -> VirtualArray | None:
    """The virtual array, if that is what a value is."""
    return _payload(item, VirtualArray)


def parts_of(item: SsaValue | None) -> PartsWord | None:
    """The elements of an array that is never made, if that is what a value is."""
    return _payload(item, PartsWord)


def option_of(item: SsaValue | None) -> OptionWord | None:
    """The option that has not been made, if that is what a value is."""
    return _payload(item, OptionWord)
