"""Values that have not been made: payloads which stand for what would be in memory, and know how to make it.

The text of such a word is a name of its own that nothing defines.  So it must not come into the code: the emitter has
it made wherever a value goes to memory or to a function (`JitEmitter.real`), and everything else asks for it by the
functions here.  What they are good for is told by the modules that handle them: `virtuals`, `virtual_arrays`,
`options`, `destructuring`.
"""

from __future__ import annotations

from rufflang.jit.making import make_option
from rufflang.jit.request import CompilerFault
from rufflang.jit.virtual_forms import ArrayForm, Form, InstanceForm
from rufflang.jit.words import Definition, LoopPlace
from rufflang.lowpy.types import I64
from rufflang.lowpy.values import Aggregate, SsaValue, Word, words_of

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence
    from typing import TypeVar

    from rufflang.jit.emitter import JitEmitter

    _Kind = TypeVar("_Kind", bound="UnmadeWord")


class UnmadeWord(Word):
    """The payload of something that has not been made.

    What a kind of them does not say for itself must not be asked of it.
    """

    __slots__ = ()

    def __init__(self, text: str) -> None:
        super().__init__(I64, text)

    def real(self, emitter: JitEmitter) -> Aggregate:
        """The value itself, which is made at the position unless it has been on all ways there."""
        raise CompilerFault(f"{self.text} is never made, but needed")

    def joined(self, items: Sequence[tuple[Word, str]], emitter: JitEmitter) -> Word:
        """What several such words become, this one among them, at a place to which a way leads from each block."""
        if any(item is not self for item, _ in items):
            raise CompilerFault(f"{self.text} meets something else")
        return self


class OptionWord(UnmadeWord):
    """An option: `Some` of an item, or `None` where that is UNBOUND.  It is in one register only: see `options`."""

    __slots__ = ("item",)

    def __init__(self, text: str, item: Aggregate) -> None:
        super().__init__(text)
        self.item = item

    def real(self, emitter: JitEmitter) -> Aggregate:
        return make_option(emitter, self.item)


class PartsWord(UnmadeWord):
    """An array on its way to where it is taken apart: see `destructuring`.

    It differs from a virtual array in that it is never made.  So its elements may be anything, and where several are
    joined they need to agree in nothing but their number.
    """

    __slots__ = ("parts",)

    def __init__(self, text: str, parts: tuple[Aggregate, ...]) -> None:
        super().__init__(text)
        self.parts = parts

    def joined(self, items: Sequence[tuple[Word, str]], emitter: JitEmitter) -> Word:
        parts = [(item.parts, block) for item, block in items if isinstance(item, PartsWord)]
        return PartsWord(emitter.fresh("parts"), _joined_parts(parts, emitter))


class VirtualWord(UnmadeWord):
    """A container that may never be made: see `virtuals`."""

    __slots__ = ("form", "is_shared", "parts", "places")

    def __init__(
        self, text: str, form: Form, parts: tuple[Aggregate, ...], places: frozenset[LoopPlace] = frozenset(),
        *, is_shared: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(text)
        self.form = form
        self.parts = parts
        """What it holds."""
        self.places = places
        """The loops that it has entered, or that something did of which it was made by writing a part."""
        self.is_shared = is_shared
        """Whether it is to be made with the mark."""

    def real(self, emitter: JitEmitter) -> Aggregate:
        return emitter.virtuals.real(self)

    def joined(self, items: Sequence[tuple[Word, str]], emitter: JitEmitter) -> Word:
        if all(item is self for item, _ in items):
            return self
        containers = [(item, block) for item, block in items if isinstance(item, VirtualWord)]
        places = frozenset[LoopPlace]().union(*(item.places for item, _ in containers))
        form = self.form.joined([(item.form, block) for item, block in containers], emitter)
        parts = _joined_parts([(item.parts, block) for item, block in containers], emitter)
        return emitter.virtuals.container(form, parts, places)

    def structure(self) -> Hashable:
        """What another must have in common with it, and what that holds with what it holds, to be joined with it."""
        inner = (virtual_of(part) for part in self.parts)
        return self.form.shape(self.parts), tuple(None if item is None else item.structure() for item in inner)

    def leaves(self) -> Iterator[Aggregate]:
        """The real values that it and the virtual containers in it hold."""
        for part in self.parts:
            inner = virtual_of(part)
            if inner is None:
                yield part
            else:
                yield from inner.leaves()


def _joined_parts(
    items: Sequence[tuple[tuple[Aggregate, ...], str]], emitter: JitEmitter
) -> tuple[Aggregate, ...]:
    joined = [emitter.phi([(parts[place], block) for parts, block in items]) for place in range(len(items[0][0]))]
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


def array_of(item: SsaValue | None) -> VirtualWord | None:
    """The virtual array, if that is what a value is."""
    virtual = virtual_of(item)
    return virtual if virtual is not None and isinstance(virtual.form, ArrayForm) else None


def definition_of(item: SsaValue | None) -> Definition | None:
    """The definition of the virtual instance, if that is what a value is."""
    virtual = virtual_of(item)
    return virtual.form.definition if virtual is not None and isinstance(virtual.form, InstanceForm) else None


def parts_of(item: SsaValue | None) -> PartsWord | None:
    """The elements of an array that is never made, if that is what a value is."""
    return _payload(item, PartsWord)


def option_of(item: SsaValue | None) -> OptionWord | None:
    """The option that has not been made, if that is what a value is."""
    return _payload(item, OptionWord)
