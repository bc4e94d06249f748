"""Built-ins on dictionaries (`stdlib.md` section 10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rufflang.reference.builtins.collections import without_key
from rufflang.reference.builtins.registry import builtin
from rufflang.reference.display import canonical_keys, display
from rufflang.reference.errors import RuffError
from rufflang.reference.values import ArrayValue, DictValue, Value, array_of, dict_key, share, share_all

if TYPE_CHECKING:
    from rufflang.reference.machine import Machine


def _sorted_entries(value: Value) -> list[tuple[str, Value]]:
    """A dict's entries in canonical order; none for other kinds of value."""
    if not isinstance(value, DictValue):
        return []
    return [(key, value.entries[key]) for key in canonical_keys(value.entries)]


@builtin("keys", 1, only_looks=True)
def keys(machine: Machine, arguments: list[Any]) -> Value:
    """The keys in canonical order."""
    return ArrayValue([key for key, _ in _sorted_entries(arguments[0])])


@builtin("values", 1)
def values(machine: Machine, arguments: list[Any]) -> Value:
    """The values, in canonical order of their keys."""
    return array_of([value for _, value in _sorted_entries(arguments[0])])


@builtin("items", 1)
def items(machine: Machine, arguments: list[Any]) -> Value:
    """Pairs of key and value, in canonical order."""
    return ArrayValue([array_of([key, value]) for key, value in _sorted_entries(arguments[0])])


def _lookup(container: Value, key: Value, default: Value) -> Value:
    name = dict_key(key)
    if not isinstance(container, DictValue) or name is None:
        return default
    return share(container.entries.get(name, default))


@builtin("has_key", 2, only_looks=True)
def has_key(machine: Machine, arguments: list[Any]) -> Value:
    """1 if a dict has a key, else 0."""
    container, key = arguments
    return int(isinstance(container, DictValue) and dict_key(key) in container.entries)


@builtin("get", 2, 3)
def get(machine: Machine, arguments: list[Any]) -> Value:
    """The value of a key, else the default, else null."""
    return _lookup(arguments[0], arguments[1], arguments[2] if len(arguments) == 3 else None)


_GET_DEFAULT = "get_default() requires 3 arguments: dict, key, default_value"


@builtin("get_default", 3, arity_message=_GET_DEFAULT)
def get_default(machine: Machine, arguments: list[Any]) -> Value:
    """The value of a key, else the default."""
    container, key, default = arguments
    if not isinstance(container, DictValue) or dict_key(key) is None:
        raise RuffError(_GET_DEFAULT)
    return _lookup(container, key, default)


@builtin("delete", 2)
def delete(machine: Machine, arguments: list[Any]) -> Value:
    """A dict without a key."""
    container, key = arguments
    if not isinstance(container, DictValue):
        raise RuffError("delete() requires a dict argument")
    return without_key(container, dict_key(key))


def _merge(machine: Machine, arguments: list[Any]) -> Value:
    """The entries of two dicts; the second one wins."""
    left, right = arguments
    if not isinstance(left, DictValue) or not isinstance(right, DictValue):
        return DictValue({})
    merged = {**left.entries, **right.entries}
    share_all(merged.values())
    return DictValue(merged)


builtin("merge", 2)(_merge)
builtin("update", 2)(_merge)


@builtin("invert", 1, only_looks=True)
def invert(machine: Machine, arguments: list[Any]) -> Value:
    """A dict from the display texts of scalar values to their keys."""
    if not isinstance(arguments[0], DictValue):
        raise RuffError("invert() requires a dict argument")
    entries = _sorted_entries(arguments[0])
    return DictValue({display(value): key for key, value in entries if isinstance(value, (str, int, float))})
