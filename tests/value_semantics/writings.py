"""The table of ways to write: what is done to one holder of a value.

In the code `P` is the place that holds the value, `PART` the place of its first part, `DEEP` a
place as deep inside as the value goes.  The model says what the holder has afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from tests.value_semantics.kinds import ALL, ARRAYS, DICTS, KINDS, STRUCTS, Kind

_NUMBERS = frozenset({"ints", "floats"})
_SUMMABLE = frozenset(kind.name for kind in KINDS if kind.name != "bools")


@dataclass(frozen=True, slots=True)
class Writing:
    """A way to write: Ruff code, and what it makes of a model, which it may change."""

    name: str
    code: str
    effect: Callable[[Kind, Any], Any]
    kinds: Set[str] = ALL


def _put(value: Any) -> Callable[[Kind, Any], Any]:
    """Puts a value into the deep place."""
    return lambda kind, model: _changed(kind, model, lambda old: value)


def _changed(kind: Kind, model: Any, change: Callable[[Any], Any], *, deep: bool = True) -> Any:
    owner = model
    path = kind.deep if deep else kind.part
    for step in path[:-1]:
        owner = owner[step]
    owner[path[-1]] = change(owner[path[-1]])
    return model


def _part(value: Any) -> Callable[[Kind, Any], Any]:
    """Puts a value into the first part."""
    return lambda kind, model: _changed(kind, model, lambda old: value, deep=False)


def _unchanged(kind: Kind, model: Any) -> Any:
    return model


def _itself(kind: Kind, model: Any) -> Any:
    copy = deepcopy(model)
    return _changed(kind, model, lambda old: copy)


def _entry(name: str, value: Any) -> Callable[[Kind, Any], Any]:
    def effect(kind: Kind, model: Any) -> Any:
        model[name] = value
        return model

    return effect


def _of(change: Callable[[Any], Any]) -> Callable[[Kind, Any], Any]:
    """A change that goes for all kinds alike."""
    return lambda kind, model: change(model)


def _merged(kind: Kind, model: Any) -> Any:
    return _put(99)(kind, {**model, "m": 7})


def _last_part(kind: Kind, model: Any) -> Any:
    model[0] = model[-1]
    return model


WRITINGS: tuple[Writing, ...] = (
    Writing("a part", "PART := 99", _part(99)),
    Writing("a deep place", "DEEP := 99", _put(99)),
    Writing("another type", 'DEEP := "text"', _put("text")),
    Writing("compound", "DEEP += 5", lambda kind, model: _changed(kind, model, lambda old: old + 5), _SUMMABLE),
    Writing("two places", "DEEP := 7\nPART := 8", _part(8)),
    Writing("a container", "DEEP := [7]\nDEEP[0] := 8", _put([8])),
    Writing("itself", "DEEP := P", _itself),
    Writing("all of it", "P := 99", _of(lambda model: 99)),
    Writing("a loop", "for i in range(3) { DEEP := i }", _put(2)),
    Writing("a loop over itself", "for each in P { P[0] := each }", _last_part, ARRAYS),
    Writing("a branch", "if len(P) > 0 { DEEP := 99 } else { DEEP := 98 }", _put(99), ARRAYS | DICTS),
    Writing("a closure", "touch(func() { DEEP := 99 })", _put(99)),
    Writing("a closure called in place", "(func() { DEEP := 99 })()", _put(99)),
    Writing("a closure in a callback", "map([1], func(each) { DEEP := each + 98 })", _put(99)),
    Writing("a function", "P := marked(P)", lambda kind, model: [model, "marked"]),
    Writing("a function's parameter", "spoil(P)", _unchanged),
    Writing("a failing write", 'try { DEEP := throw("no") } except e { }', _unchanged),
    Writing("a write and an error", 'try { DEEP := 99; throw("no") } except e { }', _put(99)),
    Writing("a task", "await (async func() { DEEP := 99 })()", _put(99)),
    Writing("a task that waits", "await (async func() { await async_sleep(0); DEEP := 99 })()", _put(99)),
    Writing("a generator", "(func*() { DEEP := 99; yield 1 })().collect()", _put(99)),
    Writing("a method", "P := P.poked()", _entry("k", 99), STRUCTS),
    Writing("a method's self", "P.poked()", _unchanged, STRUCTS),
    Writing("an operator method", "P += 99", _entry("k", 99), STRUCTS),
    Writing("a field", "P.m := 99", _entry("m", 99), STRUCTS | DICTS),
    Writing("a new field", "P.extra := 99", _entry("extra", 99), STRUCTS | DICTS),
    Writing("a new entry", 'P["extra"] := 99', _entry("extra", 99), DICTS),
    Writing("the last element", "P[-1] := 99", _of(lambda model: [*model[:-1], 99]), ARRAYS),
    Writing("push", "P := push(P, 7)", _of(lambda model: [*model, 7]), ARRAYS),
    Writing("push in a loop", "for i in range(9) { P := push(P, i) }", _of(lambda model: [*model, *range(9)]), ARRAYS),
    Writing("push of itself", "P := push(P, P)", _of(lambda model: [*model, deepcopy(model)]), ARRAYS),
    Writing("push, then write", "P := push(P, 7)\nDEEP := 99", lambda kind, model: _put(99)(kind, [*model, 7]), ARRAYS),
    Writing("append", "P := append(P, 7)", _of(lambda model: [*model, 7]), ARRAYS),
    Writing("concat", "P := concat(P, [7])", _of(lambda model: [*model, 7]), ARRAYS),
    Writing("concat in front", "P := concat([7], P)\nP[1] := 8", _of(lambda model: [7, 8, *model[1:]]), ARRAYS),
    Writing("pop", "P := pop(P)[0]", _of(lambda model: model[:-1]), ARRAYS),
    Writing("insert", "P := insert(P, 0, 7)", _of(lambda model: [7, *model]), ARRAYS),
    Writing("remove_at", "P := remove_at(P, 0)[0]", _of(lambda model: model[1:]), ARRAYS),
    Writing("reverse", "P := reverse(P)", _of(lambda model: model[::-1]), ARRAYS),
    Writing("slice", "P := slice(P, 1, len(P))", _of(lambda model: model[1:]), ARRAYS),
    Writing("sort", "P := sort(reverse(P))\nP[0] := -1", _of(lambda model: [-1, *model[1:]]), _NUMBERS),
    Writing("map", "P := map(P, func(each) { return 7 })", _of(lambda model: [7 for _ in model]), ARRAYS),
    Writing("clear", "P := clear(P)", _of(lambda model: type(model)()), ARRAYS | DICTS),
    Writing("spread", "P := [...P, 7]\nDEEP := 99", lambda kind, model: _put(99)(kind, [*model, 7]), ARRAYS),
    Writing("spread in front", "P := [7, ...P]\nP[1] := 8", _of(lambda model: [7, 8, *model[1:]]), ARRAYS),
    Writing("dict spread", 'P := {...P, "m": 7}\nDEEP := 99', _merged, DICTS),
    Writing("merge", 'P := merge(P, {"m": 7})\nDEEP := 99', _merged, DICTS),
    Writing("update", 'P := update(P, {"m": 7})', _entry("m", 7), DICTS),
    Writing("delete", 'P := delete(P, "m")', _of(lambda model: {"k": model["k"]}), DICTS),
)  # fmt: skip
