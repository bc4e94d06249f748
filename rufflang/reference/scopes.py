"""Scopes: chains of named, mutable or immutable bindings.

The prelude (built-ins) is not a scope: it is consulted last and never written.
"""

from __future__ import annotations

from typing import Final

from rufflang.reference.errors import RuffError
from rufflang.reference.values import Value
from rufflang.source import Source

MUTABLE: Final = "mut"


class Binding:
    """One variable; `kind` is `let`, `mut` or `const`."""

    __slots__ = ("kind", "value")

    def __init__(self, value: Value, kind: str) -> None:
        self.value = value
        self.kind = kind

    def demand_mutable(self, name: str, verb: str) -> None:
        """Raises unless the variable may change; `verb` is `reassign` or `mutate`."""
        if self.kind == MUTABLE:
            return
        described = "immutable let" if self.kind == "let" else "const"
        raise RuffError(f"Cannot {verb} {described} binding: {name}")


class Scope:
    """The bindings of one block, call or file, and the scope around it.

    `source` is known to the outermost scope of a file only; `file` finds it from anywhere inside.
    """

    __slots__ = ("bindings", "parent", "source")

    def __init__(self, parent: Scope | None, source: Source | None = None) -> None:
        self.bindings: dict[str, Binding] = {}
        self.parent = parent
        self.source = source

    def file(self) -> Source | None:
        """The text that the code running in this scope comes from."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope.source

    def find(self, name: str) -> Binding | None:
        """The nearest binding of `name`, from here up to the global scope."""
        scope: Scope | None = self
        while scope is not None:
            binding = scope.bindings.get(name)
            if binding is not None:
                return binding
            scope = scope.parent
        return None

    def define(self, name: str, value: Value) -> None:
        """Binds `name` here as a mutable variable, replacing what it was bound to here."""
        self.bindings[name] = Binding(value, MUTABLE)

    def declare(self, name: str, value: Value, kind: str) -> None:
        """What `let`, `mut` and `const` do."""
        if name in self.bindings:
            raise RuffError(f"Duplicate declaration in the same scope: {name}")
        self.bindings[name] = Binding(value, kind)

    def assign(self, name: str, value: Value) -> None:
        """What `name := value` does: the nearest binding changes, or a new one appears here."""
        binding = self.find(name)
        if binding is None:
            self.define(name, value)
            return
        binding.demand_mutable(name, "reassign")
        binding.value = value
