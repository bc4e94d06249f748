"""Which names a file binds and assigns, and what is known of them in each scope.

A variable may change its type with any assignment, from any closure.  So what was inferred of a variable
counts only if no other place of the whole file assigns that name; what is declared counts always.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rufflang.checker.signatures import Signature, exported_signatures
from rufflang.checker.types import ANY, Type
from rufflang.syntax import ast
from rufflang.syntax.checks import PARTS
from rufflang.syntax.exports import pattern_names

ModuleFinder = Callable[[str], ast.Program | None]
"""From a module's name to its tree; None when it cannot be found or does not parse."""


@dataclass(frozen=True, slots=True)
class Binding:
    """What is known of one name: its type, whether that is declared, and how it can be called.

    `exports` are the signatures that a module namespace holds.
    """

    type: Type = ANY
    is_declared: bool = False
    signature: Signature | None = None
    exports: dict[str, Signature | None] | None = None


UNKNOWN = Binding()


class Scope:
    """The names bound in one scope; `is_open` if it may hold any others, as fields of a receiver."""

    __slots__ = ("is_open", "names", "parent", "result")

    def __init__(self, parent: Scope | None, result: Type | None = None, is_open: bool = False) -> None:
        self.names: dict[str, Binding] = {}
        self.parent = parent
        self.is_open = is_open
        self.result: Type = ANY if parent is None else parent.result
        """What `return` is declared to give here."""
        if result is not None:
            self.result = result

    def find(self, name: str) -> Binding | None:
        """What `name` means here; None when nothing around binds it."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            if scope.is_open:
                return UNKNOWN
            scope = scope.parent
        return None


class FileNames:
    """What a look at the whole file tells about its names."""

    def __init__(self, program: ast.Program, find_module: ModuleFinder) -> None:
        self.bound: set[str] = set()
        """Names that mean something somewhere."""
        self.assignments: Counter[str] = Counter()
        """How many places assign a name by `:=` and the like, or write through it."""
        self.modules: dict[str, dict[str, Signature | None]] = {}
        self.has_unknown_imports = False
        """Some module was not found that would bind names nobody can know."""
        for node in _nodes(program):
            if isinstance(node, ast.Import):
                self._note_import(node, find_module)
            else:
                self.bound.update(_declared_names(node))
                self.assignments.update(_assigned_names(node))
        self.bound.update(self.assignments)

    def _note_import(self, node: ast.Import, find_module: ModuleFinder) -> None:
        if node.module not in self.modules:
            module = find_module(node.module)
            if module is not None:
                self.modules[node.module] = exported_signatures(module)
        if node.names is not None:
            self.bound.update(node.names)
        elif node.module in self.modules:
            self.bound.update({*self.modules[node.module], node.module})
        else:
            self.has_unknown_imports = True


def _nodes(program: ast.Program) -> Iterator[object]:
    """Every node that can bind something, in any order."""
    pending: list[object] = [program]
    while pending:
        node = pending.pop()
        yield node
        for name in PARTS.get(type(node), ()):
            part = getattr(node, name)
            pending.extend(part if isinstance(part, tuple) else (part,))


def _assigned_names(node: object) -> list[str]:
    if isinstance(node, ast.Destructure):
        return pattern_names(node.pattern)
    if not isinstance(node, ast.Assign):
        return []
    root: ast.Expression = node.target
    while isinstance(root, (ast.Member, ast.Index)):
        root = root.base
    return [root.name] if isinstance(root, ast.Name) else []


def _declared_names(node: object) -> list[str]:
    if isinstance(node, (ast.Declare, ast.For)):
        return pattern_names(node.pattern)
    if isinstance(node, ast.Function):
        named = [] if node.name is None else [node.name]
        return named + [parameter.name for parameter in node.parameters]
    if isinstance(node, (ast.StructDeclaration, ast.EnumDeclaration)):
        return [node.name]
    if isinstance(node, ast.Try) and node.error_name is not None:
        return [node.error_name]
    return case_names(node.pattern) if isinstance(node, ast.CaseArm) else []


def case_names(pattern: ast.CasePattern) -> list[str]:
    """The names that an arm of `match` binds."""
    bindings = pattern.bindings if isinstance(pattern, ast.NameCase) else None
    return [name for name in bindings or () if name is not None]
