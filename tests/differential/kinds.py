"""The types by which the generator keeps its programs meaningful.

Ruff itself is dynamic: these types are only what the generator knows about its own names.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Kind:
    """One type: `item` is the type of elements, entries, payloads or results."""

    name: str
    item: Kind | None = None
    parameters: tuple[Kind, ...] = ()
    struct: str = ""
    cost: int = field(default=0, compare=False)
    """About how many statements one call of a function executes."""

    @property
    def inner(self) -> Kind:
        assert self.item is not None
        return self.item


INT, FLOAT, BOOL, TEXT, NULL, ANY, TAG = (
    Kind(name) for name in ("int", "float", "bool", "text", "null", "any", "tag")
)
SCALARS = (INT, FLOAT, BOOL, TEXT)


def array(item: Kind) -> Kind:
    return Kind("array", item)


def mapping(item: Kind) -> Kind:
    return Kind("dict", item)


def option(item: Kind) -> Kind:
    return Kind("option", item)


def result(item: Kind) -> Kind:
    return Kind("result", item)


def struct(name: str) -> Kind:
    return Kind("struct", struct=name)


def function(parameters: tuple[Kind, ...], returned: Kind, cost: int = 1) -> Kind:
    return Kind("function", returned, parameters, cost=cost)


@dataclass(slots=True)
class Method:
    """A method as its callers see it."""

    name: str
    parameters: tuple[Kind, ...]
    returned: Kind
    cost: int


@dataclass(slots=True)
class Struct:
    """A struct that the program declares."""

    name: str
    fields: dict[str, Kind]
    defaults: set[str] = field(default_factory=set)
    methods: list[Method] = field(default_factory=list)
    operators: dict[str, tuple[Kind, Kind]] = field(default_factory=dict)
    """For an operator: the right operand's type and the result's."""
