"""Destructuring patterns and `match` patterns: what they take apart and which names they bind."""

from __future__ import annotations

from rufflang.reference.equality import equal
from rufflang.reference.errors import RuffError
from rufflang.reference.operators import operand_name
from rufflang.reference.scopes import Scope
from rufflang.reference.values import (
    ArrayValue,
    DictValue,
    ResultValue,
    TaggedValue,
    Value,
    array_of,
    share,
    share_all,
)
from rufflang.syntax import ast

Bindings = list[tuple[str, Value]]

_DISCARD = "_"


def destructure(pattern: ast.Pattern, value: Value) -> Bindings:
    """The names that `pattern` binds and their values, in order; raises before any is bound."""
    if isinstance(pattern, ast.NamePattern):
        return [(pattern.name, value)]
    if isinstance(pattern, ast.ArrayPattern):
        return _array_bindings(pattern, value)
    if isinstance(pattern, ast.DictPattern):
        return _dict_bindings(pattern, value)
    return []


def _array_bindings(pattern: ast.ArrayPattern, value: Value) -> Bindings:
    if not isinstance(value, (ArrayValue, type(None))):
        raise RuffError(f"Cannot destructure {operand_name(value)} as array")
    items = [] if value is None else share_all(value.items)
    bindings: Bindings = []
    for position, element in enumerate(pattern.elements):
        bindings += destructure(element, items[position] if position < len(items) else None)
    return bindings + _rest(pattern.rest, array_of(items[len(pattern.elements):]))


def _dict_bindings(pattern: ast.DictPattern, value: Value) -> Bindings:
    if not isinstance(value, (DictValue, type(None))):
        raise RuffError(f"Cannot destructure {operand_name(value)} as dict")
    entries = {} if value is None else value.entries
    share_all(entries.values())
    bindings = [(key, entries.get(key)) for key in pattern.keys if key != _DISCARD]
    others = {key: item for key, item in entries.items() if key not in pattern.keys}
    return bindings + _rest(pattern.rest, DictValue(others))


def _rest(name: str | None, remaining: Value) -> Bindings:
    return [] if name is None or name == _DISCARD else [(name, remaining)]


def match_case(pattern: ast.CasePattern, subject: Value, scope: Scope) -> bool:
    """Whether `pattern` matches; if so, its names are bound in `scope`."""
    if isinstance(pattern, ast.WildcardCase):
        return True
    if isinstance(pattern, ast.LiteralCase):
        return equal(pattern.value, subject)
    payload = _payload_if_matching(pattern, subject)
    if payload is None:
        return False
    for name, value in _payload_bindings(pattern.bindings or (), payload):
        scope.define(name, share(value))
    return True


def _payload_if_matching(pattern: ast.NameCase, subject: Value) -> tuple[Value, ...] | None:
    wanted = _result_kind(pattern)
    if wanted is not None:
        matches = isinstance(subject, ResultValue) and subject.variant == pattern.name
        return subject.payload if matches and isinstance(subject, ResultValue) else None
    if pattern.enum is None:
        return () if subject == pattern.name else None
    if isinstance(subject, TaggedValue) and (subject.enum, subject.variant) == (pattern.enum, pattern.name):
        return subject.payload
    return None


def _result_kind(pattern: ast.NameCase) -> str | None:
    kind = {"Ok": "Result", "Err": "Result", "Some": "Option", "None": "Option"}.get(pattern.name)
    return kind if pattern.enum in (None, kind) else None


def _payload_bindings(names: tuple[str | None, ...], payload: tuple[Value, ...]) -> Bindings:
    if not payload or not names:
        return []
    if len(names) == 1:
        name = names[0]
        if name is None:
            return []
        numbered = enumerate(payload)
        return [(name if number == 0 else f"{name}_{number}", item) for number, item in numbered]
    padded = list(payload) + [None] * len(names)
    return [(name, item) for name, item in zip(names, padded, strict=False) if name is not None]
