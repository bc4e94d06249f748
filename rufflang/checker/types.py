"""The types that the checker reasons about, how they are shown, and which fit where.

`ANY` also stands for everything that is not known: it fits everywhere, so that doubt is silent.
"""

from __future__ import annotations

from dataclasses import dataclass


class Type:
    """Any of the classes below; equal when of the same class with equal parts."""


@dataclass(frozen=True, slots=True)
class Simple(Type):
    """A type without parts."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Array(Type):
    element: Type

    def __str__(self) -> str:
        return f"Array({self.element})"


@dataclass(frozen=True, slots=True)
class Dict(Type):
    key: Type
    value: Type

    def __str__(self) -> str:
        return f"Dict {{ key: {self.key}, value: {self.value} }}"


@dataclass(frozen=True, slots=True)
class Result(Type):
    ok: Type
    err: Type

    def __str__(self) -> str:
        return f"Result {{ ok_type: {self.ok}, err_type: {self.err} }}"


@dataclass(frozen=True, slots=True)
class Option(Type):
    inner: Type

    def __str__(self) -> str:
        return f"Option {{ inner_type: {self.inner} }}"


@dataclass(frozen=True, slots=True)
class FunctionType(Type):
    parameters: tuple[Type, ...]
    result: Type

    def __str__(self) -> str:
        parameters = ", ".join(str(parameter) for parameter in self.parameters)
        return f"Function {{ params: [{parameters}], return_type: {self.result} }}"


ANY = Simple("Any")
INT = Simple("Int")
FLOAT = Simple("Float")
STRING = Simple("String")
BOOL = Simple("Bool")

NUMBERS = (INT, FLOAT)
LARGEST_SIZE = 64


def fits(expected: Type, actual: Type) -> bool:
    """Whether a value of type `actual` is as good as one of type `expected`."""
    if ANY in (expected, actual) or expected == actual or (expected, actual) == (FLOAT, INT):
        return True
    if isinstance(expected, Simple) or type(expected) is not type(actual):
        return False
    if isinstance(expected, FunctionType):
        return True  # no annotation describes a function, so there is nothing to compare it with
    if isinstance(expected, Dict) and isinstance(actual, Dict):
        # A dict's keys are texts, however they are written.
        same_keys = {expected.key, actual.key} == {INT, STRING} or fits(expected.key, actual.key)
        return same_keys and fits(expected.value, actual.value)
    return all(fits(wanted, given) for wanted, given in zip(_parts(expected), _parts(actual), strict=True))


def merged(left: Type, right: Type) -> Type:
    """The type of a value that has one of two types."""
    if left == right:
        return left
    if left in NUMBERS and right in NUMBERS:
        return FLOAT
    if isinstance(left, Array) and isinstance(right, Array):
        return Array(merged(left.element, right.element))
    if isinstance(left, Dict) and isinstance(right, Dict):
        return Dict(merged(left.key, right.key), merged(left.value, right.value))
    return ANY


def limited(made: Type) -> Type:
    """The type itself, or `ANY` if it has so many parts that nobody could read a message about it.

    Whatever puts types together passes the result through here, which also keeps programs from
    making types that are too deep to be compared.
    """
    return made if _size(made) <= LARGEST_SIZE else ANY


def _size(whole: Type) -> int:
    return 1 + sum([_size(part) for part in _parts(whole)])


def _parts(whole: Type) -> list[Type]:
    if isinstance(whole, Array):
        return [whole.element]
    if isinstance(whole, Dict):
        return [whole.key, whole.value]
    if isinstance(whole, Result):
        return [whole.ok, whole.err]
    if isinstance(whole, Option):
        return [whole.inner]
    return [*whole.parameters, whole.result] if isinstance(whole, FunctionType) else []
