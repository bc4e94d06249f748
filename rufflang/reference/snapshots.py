"""Deep copies for another thread: spawned blocks, channels and the shared store.

Everything that can change is copied, so that threads never see each other's writes: containers,
and also the variables that functions capture.  Each thing is copied once, however often it
occurs.  Channels are shared on purpose; other handles belong to their thread and do not cross.
"""

from __future__ import annotations

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


class DoesNotCross(Exception):
    """A handle that belongs to its thread."""

    def __init__(self, handle: Handle) -> None:
        super().__init__()
        article = "an" if handle.type_name[0] in "aei" else "a"
        self.message = f"Cannot send {article} {handle.type_name} to another thread"


class Snapshot:
    """A copy made for another thread, or the reason why there is none."""

    def __init__(self, value: Value, refusal: str | None) -> None:
        self._value = value
        self._refusal = refusal

    @classmethod
    def of(cls, value: Value) -> Snapshot:
        """A copy of `value`."""
        try:
            return cls(Copier().value(value), None)
        except DoesNotCross as refusal:
            return cls(None, refusal.message)

    def value(self) -> Value:
        """The copy; raises if the value does not cross."""
        if self._refusal is not None:
            raise RuffError(self._refusal)
        return self._value


class Copier:
    """Makes one connected set of copies.

    `refusals` are the variables that hold something that does not cross inside something that
    does, each with the message about it.
    """

    def __init__(self) -> None:
        self.refusals: dict[str, str] = {}
        # Originals are kept beside their copies, so that their ids stay theirs.
        self._copies: dict[int, tuple[object, object]] = {}

    def scope(self, original: Scope | None) -> Scope | None:
        """A copy of a scope and those around it; bindings whose values do not cross are left out."""
        if original is None:
            return None
        known = self._copies.get(id(original))
        if known is not None:
            assert isinstance(known[1], Scope)
            return known[1]
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
            copy = StructDefinition(original.declaration, scope)
        self._copies[id(original)] = original, copy
        return copy

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
