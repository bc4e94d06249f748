"""What kinds of virtual containers (`virtuals`) differ in: how one is made, and what those that are joined share."""

from __future__ import annotations

from abc import ABC, abstractmethod

from rufflang.jit.making import make_array, make_instance
from rufflang.jit.words import Definition, known_tag
from rufflang.lowpy.values import Aggregate, Word
from rufflang.runtime.values import ARRAY, STRUCT

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from rufflang.jit.emitter import JitEmitter
    from rufflang.jit.operations import Operations


class Form(ABC):
    """What a virtual container is, besides what it holds."""

    __slots__ = ()

    @property
    @abstractmethod
    def tag(self) -> int:
        """The kind of container."""

    @abstractmethod
    def shape(self, parts: Sequence[Aggregate]) -> Hashable:
        """What others must have in common with a container of this form and these parts to be joined with it."""

    @abstractmethod
    def make(self, emitter: JitEmitter, parts: Sequence[Aggregate], *, is_shared: bool) -> Aggregate:
        """A real container with these parts, which are real."""

    @abstractmethod
    def taken_apart(self, operations: Operations, real: Aggregate, parts: Sequence[Aggregate], start: int) -> Aggregate:
        """A virtual container like a real one of this kind, with parts like these; else the loop at `start` is left."""

    def joined(self, forms: Sequence[tuple[Form, str]], emitter: JitEmitter) -> Form:
        """The form of what comes out of containers of one shape, at a place to which a way leads from each block."""
        return self


class InstanceForm(Form):
    """A struct instance."""

    __slots__ = ("definition",)

    def __init__(self, definition: Definition) -> None:
        self.definition = definition

    @property
    def tag(self) -> int:
        return STRUCT

    def shape(self, parts: Sequence[Aggregate]) -> Hashable:
        return self.definition.shape

    def make(self, emitter: JitEmitter, parts: Sequence[Aggregate], *, is_shared: bool) -> Aggregate:
        return make_instance(emitter, self.definition, parts, is_shared=is_shared)

    def taken_apart(self, operations: Operations, real: Aggregate, parts: Sequence[Aggregate], start: int) -> Aggregate:
        return operations.fields.taken_apart(real, self.definition, parts, start)

    def joined(self, forms: Sequence[tuple[Form, str]], emitter: JitEmitter) -> Form:
        definitions = [(form.definition, block) for form, block in forms if isinstance(form, InstanceForm)]
        address = emitter.phi([(definition.address, block) for definition, block in definitions])
        assert isinstance(address, Word)
        return InstanceForm(Definition(self.definition.shape, address, self.definition.names))


class ArrayForm(Form):
    """An array, of elements whose kinds are known: from them follows how it is stored."""

    __slots__ = ()

    @property
    def tag(self) -> int:
        return ARRAY

    def shape(self, parts: Sequence[Aggregate]) -> Hashable:
        return tuple(known_tag(part) for part in parts)

    def make(self, emitter: JitEmitter, parts: Sequence[Aggregate], *, is_shared: bool) -> Aggregate:
        return make_array(emitter, parts, is_shared=is_shared)

    def taken_apart(self, operations: Operations, real: Aggregate, parts: Sequence[Aggregate], start: int) -> Aggregate:
        return operations.virtual_arrays.taken_apart(real, parts, start)
