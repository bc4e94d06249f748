"""Deep copies for another thread: spawned blocks, channels and the shared store.

Everything that can change is copied, so that threads never see each other's writes: containers,
and also the variables that functions capture.  Each thing is copied once, however often it
occurs.  Channels are shared on purpose; other handles belong to their thread and do not cross.

A spawned block gets copies of global variables too.  The functions in a message do not bring
any: where they arrive, they use the global variables of that thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rufflang.reference.errors import RuffError
from rufflang.reference.scopes import Binding, Scope
from rufflang.reference.values import (
    ArrayValue,
    CollectionValue,
    DictValue,
    FunctionValue,
    Handle,
    ResultValue,
    StructDefinition,
    StructValue,
    TaggedValue,
    Value,
)

if TYPE_CHECKING:
    from rufflang.reference.machine import Machine


class DoesNotCross(Exception):
    """A handle that belongs to its thread."""

    def __init__(self, handle: Handle) -> None:
        super().__init__()
        article = "an" if handle.type_name[0] in "aei" else "a"
        self.message = f"Cannot send {article} {handle.type_name} to another thread"


_UNKNOWN_FUNCTION = "Cannot receive a function from another thread: its module is not imported here"


class Message:
    """A copy made for another thread, or the reason why there is none."""

    def __init__(self, value: Value, refusal: str | None) -> None:
        self._value = value
        self._refusal = refusal

    @classmethod
    def of(cls, value: Value) -> Message:
        """A copy of `value`; global scopes in it are stand-ins."""
        try:
            return cls(Copier(lambda scope: Scope(None, scope.source)).value(value), None)
        except DoesNotCross as refusal:
            return cls(None, refusal.message)

    def demand(self) -> Message:
        """The message itself; raises if the value does not cross."""
        if self._refusal is not None:
            raise RuffError(self._refusal)
        return self

    def received_by(self, machine: Machine) -> Value:
        """The value as it arrives; raises if it does not cross."""
        self.demand()

        def global_scope(stand_in: Scope) -> Scope:
            if stand_in.source not in machine.global_scopes:
                raise RuffError(_UNKNOWN_FUNCTION)
            return machine.global_scopes[stand_in.source]

        return Copier(global_scope).value(self._value)


class Copier:
    """Makes one connected set of copies.

    `global_scope` tells what stands for a global scope; without it they are copied like others.
    `refusals` are the variables that hold something that does not cross inside something that
    does, each with the message about it.
    """

    def __init__(self, global_scope: Callable[[Scope], Scope] | None = None) -> None:
        self.refusals: dict[str, str] = {}
        self._global_scope = global_scope
        # Originals are kept beside their copies, so that their ids stay theirs.
        self._copies: dict[int, tuple[object, object]] = {}

    def global_scopes(self) -> list[Scope]:
        """The copies of global scopes made so far."""
        copies = [copy for _, copy in self._copies.values() if isinstance(copy, Scope)]
        return [scope for scope in copies if scope.parent is None]

    def scope(self, original: Scope | None) -> Scope | None:
        """A copy of a scope and those around it; bindings whose values do not cross are left out."""
        if original is None:
            return None
        known = self._copies.get(id(original))
        if known is not None:
            assert isinstance(known[1], Scope)
            return known[1]
        if original.parent is None and self._global_scope is not None:
            copy = self._global_scope(original)
            self._copies[id(original)] = original, copy
            return copy
        copy = Scope(None, original.source)
        self._copies[id(original)] = original, copy
        copy.parent = self.scope(original.parent)
        for name, binding in list(original.bindings.items()):
            try:
                copy.bindings[name] = Binding(self.value(binding.value), binding.kind)
            except DoesNotCross as refusal:
                if not isinstance(binding.value, Handle):
                    self.refusals[name] = refusal.message
        return copy

    def value(self, original: Value) -> Value:
        """A copy of a value."""
        if isinstance(original, Handle):
            if original.crosses:
                return original
            raise DoesNotCross(original)
        if isinstance(original, (FunctionValue, StructDefinition)):
            return self._scoped(original)
        return self._container(original)

    def _scoped(self, original: FunctionValue | StructDefinition) -> FunctionValue | StructDefinition:
        """A copy of something that refers to a scope, which may itself hold the original."""
        scope = self.scope(original.scope)
        assert scope is not None
        known = self._copies.get(id(original))
        if known is not None:
            assert isinstance(known[1], (FunctionValue, StructDefinition))
            return known[1]
        copy: FunctionValue | StructDefinition
        if isinstance(original, FunctionValue):
            copy = FunctionValue(original.node, scope, original.name)
        else:
            copy = self._definition(original, scope)
        self._copies[id(original)] = original, copy
        return copy

    def _definition(self, original: StructDefinition, scope: Scope) -> StructDefinition:
        """A copy of a definition, unless it arrives where it comes from."""
        binding = scope.bindings.get(original.name)
        here = binding.value if binding is not None else None
        if isinstance(here, StructDefinition) and here.declaration is original.declaration:
            return here
        return StructDefinition(original.declaration, scope)

    def _container(self, original: Value) -> Value:
        if isinstance(original, ArrayValue):
            return ArrayValue([self.value(item) for item in original.items])
        if isinstance(original, DictValue):
            return DictValue({key: self.value(item) for key, item in original.entries.items()})
        if isinstance(original, StructValue):
            return self._struct(original)
        if isinstance(original, CollectionValue):
            return type(original)(tuple([self.value(item) for item in original.items]))
        if isinstance(original, TaggedValue):
            payload = tuple([self.value(item) for item in original.payload])
            return TaggedValue(original.enum, original.variant, payload)
        if isinstance(original, ResultValue):
            return ResultValue(original.variant, tuple([self.value(item) for item in original.payload]))
        return original

    def _struct(self, original: StructValue) -> StructValue:
        fields = {name: self.value(item) for name, item in original.fields.items()}
        definition = None if original.definition is None else self.value(original.definition)
        assert definition is None or isinstance(definition, StructDefinition)
        copy = StructValue(original.name, definition, fields)
        copy.origin = original.origin
        return copy
