"""Reading steps (`.name`, `[index]`) and assigning to places made of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rufflang.reference.errors import RuffError
from rufflang.reference.overloads import apply_binary
from rufflang.reference.scopes import Binding, Scope
from rufflang.reference.values import (
    ArrayValue,
    Container,
    DictValue,
    StructValue,
    Value,
    dict_key,
    is_exclusive,
    share,
)
from rufflang.syntax import ast

if TYPE_CHECKING:
    from rufflang.reference.machine import Machine


def read_index(base: Value, index: Value) -> Value:
    """`base[index]`, unmarked."""
    if isinstance(base, (ArrayValue, str, bytes)) and type(index) is int:
        if not -len(base) <= index < len(base):
            raise RuffError(f"Index out of bounds: {index}")
        return base.items[index] if isinstance(base, ArrayValue) else base[index]
    key = dict_key(index)
    if isinstance(base, DictValue) and key is not None:
        if key not in base.entries:
            raise RuffError(f"Missing map key: {_quoted_key(index)}", (base,))
        return base.entries[key]
    raise RuffError("Invalid index operation")


def read_member(base: Value, name: str) -> Value:
    """`base.name`, unmarked."""
    if isinstance(base, StructValue):
        if name not in base.fields:
            raise RuffError(f"Field not found: {name}", (base,))
        return base.fields[name]
    if isinstance(base, DictValue):
        return base.entries.get(name)
    raise RuffError(f"Cannot access field or method '{name}' on non-struct value", (base,))


def read_optional_member(base: Value, name: str) -> Value:
    """`base?.name`, unmarked."""
    if base is None or (isinstance(base, StructValue) and name not in base.fields):
        return None
    return read_member(base, name)


def _quoted_key(key: Value) -> str:
    if not isinstance(key, str):
        return str(key)
    for character, escape in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        key = key.replace(character, escape)
    return f'"{key}"'


@dataclass(frozen=True, slots=True)
class IndexStep:
    """`[key]`, the key already evaluated."""

    key: Value

    def read(self, base: Value) -> Value:
        """What the step leads to, unmarked."""
        return read_index(base, self.key)

    def write(self, base: Value, value: Value) -> None:
        """Puts `value` there; nobody else may see `base`."""
        key = dict_key(self.key)
        if isinstance(base, ArrayValue) and type(self.key) is int:
            if not -len(base) <= self.key < len(base):
                raise RuffError(f"Index out of bounds: {self.key}")
            base.set(self.key % len(base), value)
        elif isinstance(base, DictValue) and key is not None:
            base.entries[key] = value
        else:
            raise RuffError("Invalid index assignment")


@dataclass(frozen=True, slots=True)
class MemberStep:
    """`.name`."""

    name: str

    def read(self, base: Value) -> Value:
        """What the step leads to, unmarked."""
        return read_member(base, self.name)

    def write(self, base: Value, value: Value) -> None:
        """Puts `value` there; nobody else may see `base`."""
        if isinstance(base, StructValue):
            base.fields[self.name] = value
        elif isinstance(base, DictValue):
            base.entries[self.name] = value
        else:
            raise RuffError("Cannot set field on non-struct value")


_Step = IndexStep | MemberStep


def assign(machine: Machine, node: ast.Assign, scope: Scope) -> None:
    """Executes `target op value` for every kind of target and operator."""
    if isinstance(node.target, ast.Name):
        _assign_name(machine, node.target.name, node, scope)
    elif node.op == ":=":
        value = machine.evaluate(node.value, scope)
        root, steps = _evaluate_steps(machine, node.target, scope)
        _write_place(machine, root, steps, value, scope)
    else:
        root, steps = _evaluate_steps(machine, node.target, scope)
        old = share(_read_place(machine, root, steps, scope))
        right = machine.evaluate(node.value, scope)
        value = apply_binary(machine, node.op.removesuffix("="), old, right)
        _write_place(machine, root, steps, value, scope)


def _assign_name(machine: Machine, name: str, node: ast.Assign, scope: Scope) -> None:
    if node.op == ":=":
        value = machine.evaluate(node.value, scope)
    else:
        old = share(machine.read_name(name, scope))
        value = apply_binary(machine, node.op.removesuffix("="), old, machine.evaluate(node.value, scope))
    scope.assign(name, value)


def _evaluate_steps(
    machine: Machine, target: ast.Member | ast.Index, scope: Scope
) -> tuple[ast.Name, list[_Step]]:
    """The root of a place and its steps, index expressions evaluated left to right."""
    nodes: list[ast.Member | ast.Index] = []
    root: ast.Expression = target
    while isinstance(root, ast.Index) or (isinstance(root, ast.Member) and not root.optional):
        nodes.append(root)
        root = root.base
    steps: list[_Step] = []
    for node in reversed(nodes):
        if isinstance(node, ast.Index):
            steps.append(IndexStep(machine.evaluate(node.index, scope)))
        else:
            steps.append(MemberStep(node.name))
    if not isinstance(root, ast.Name):
        raise RuffError("Invalid assignment target")
    return root, steps


def _read_place(machine: Machine, root: ast.Name, steps: list[_Step], scope: Scope) -> Value:
    value = machine.read_name(root.name, scope)
    for step in steps:
        value = step.read(value)
    return value


def _write_place(
    machine: Machine, root: ast.Name, steps: list[_Step], value: Value, scope: Scope
) -> None:
    binding = scope.find(root.name)
    if binding is None:
        binding = Binding(machine.read_name(root.name, scope), "mut")
    binding.demand_mutable(root.name, "mutate")
    base = binding.value
    if isinstance(base, Container) and not is_exclusive(base):
        base = binding.value = base.copy()
    for step in steps[:-1]:
        inner = step.read(base)
        if isinstance(inner, Container) and not is_exclusive(inner):
            inner = inner.copy()
            step.write(base, inner)
        base = inner
    steps[-1].write(base, value)
