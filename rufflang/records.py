"""Records: small classes of named fields, declared like dataclasses.

There are more than a hundred kinds, from nodes of the tree to what the JIT knows of a loop, and whoever runs a
program for the first time, or waits for machine code, pays for defining them.  `dataclasses` compiles half a dozen
methods for each, which takes half a millisecond, and imports a good part of the standard library to do so; here a class
costs a few microseconds, and its `__init__` is made when the first instance is.

Type checkers see frozen dataclasses, or others where a class says `frozen=False`; at run time nothing forbids assigning
a field, but nothing in this project does it where it would be forbidden.
"""

from __future__ import annotations

from _operator import attrgetter
from types import CodeType, FunctionType

# Type checkers take this for true; importing `typing` to say so would cost more than this whole module.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar, dataclass_transform

    T = TypeVar("T")
    AnyRecord = TypeVar("AnyRecord", bound="Record")
else:

    def dataclass_transform(**_options):
        """Marks a class for type checkers only."""
        return lambda marked: marked


class _Factory:
    """Stands for the default of a field that each instance gets anew."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[], object]) -> None:
        self.make = make


def field(*, factory: Callable[[], T]) -> T:
    """The default of a field whose value is made anew for each instance, such as an empty list."""
    default: Any = _Factory(factory)
    return default  # type: ignore[no-any-return]


def field_names(record: Any) -> tuple[str, ...]:
    """The names of the fields of a record or record class, in order."""
    names: tuple[str, ...] = record.__match_args__
    return names


def field_values(record: Record) -> tuple[Any, ...]:
    """What is in the fields of a record, in order."""
    return tuple(getattr(record, name) for name in field_names(record))


def replace(record: AnyRecord, **changes: object) -> AnyRecord:
    """A copy of a record with other values in some of its fields."""
    values = {name: getattr(record, name) for name in field_names(record)}
    return type(record)(**values | changes)


def build_initialiser(record: type) -> Any:
    """Makes the `__init__` of a record class from its fields and their defaults."""
    fields = field_names(record)
    defaults: dict[str, object] = record._field_defaults  # type: ignore[attr-defined]
    pattern = _pattern(tuple(isinstance(defaults.get(name), _Factory) for name in fields))
    names = dict(zip(pattern.co_varnames[1:], fields, strict=True))
    code = pattern.replace(
        co_varnames=("self", *fields), co_names=tuple(names.get(name, name) for name in pattern.co_names),
        co_qualname=f"{record.__qualname__}.__init__",
    )  # fmt: skip
    return FunctionType(code, {"Factory": _Factory}, "__init__", tuple(defaults.values()))


def _pattern(have_factories: tuple[bool, ...]) -> CodeType:
    """The `__init__` of a class with fields `field0`, `field1` …, some of which have factories as their defaults.

    Compiling one for each class would take as long as everything else that is done for it; they differ in names only.
    """
    if have_factories not in _patterns:
        parameters, assignments = ["self"], []
        for number, has_factory in enumerate(have_factories):
            name = f"field{number}"
            parameters.append(name)
            value = f"{name}.make() if type({name}) is Factory else {name}" if has_factory else name
            assignments.append(f"    self.{name} = {value}")
        namespace: dict[str, Any] = {}
        exec("\n".join([f"def __init__({', '.join(parameters)}):", *assignments]), namespace)
        _patterns[have_factories] = namespace["__init__"].__code__
    return _patterns[have_factories]


_patterns: dict[tuple[bool, ...], CodeType] = {}


def initialise_first(self: Any, *arguments: object, **named: object) -> None:
    """Stands in for `__init__` until the first instance is made."""
    record = type(self)
    record.__init__ = build_initialiser(record)
    record.__init__(self, *arguments, **named)


def _no_values(record: object) -> tuple[()]:
    return ()


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class RecordType(type):
    """Turns the annotations of a class into its slots."""

    def __new__(
        mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any], *, frozen: bool = True
    ) -> RecordType:
        fields = tuple(namespace.get("__annotations__", ()))
        namespace["_field_defaults"] = {key: namespace.pop(key) for key in fields if key in namespace}
        namespace["_values_of"] = attrgetter(*fields) if fields else _no_values
        namespace["__slots__"] = namespace["__match_args__"] = fields
        if fields:
            namespace["__init__"] = initialise_first
        if not frozen:
            namespace["__hash__"] = None
        return super().__new__(mcs, name, bases, namespace)


class Record(metaclass=RecordType):
    """Base of all records: equal when of one class with equal fields, like dataclasses."""

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        record = type(self)
        if record is not type(other):
            return NotImplemented
        return bool(record._values_of(self) == record._values_of(other))  # type: ignore[attr-defined]

    def __hash__(self) -> int:
        # The first field, the span of a node of the tree, tells records of one class apart well enough, or else
        # it is not the first; hashing all of them would walk the whole tree.
        names = field_names(self)
        return hash((type(self), getattr(self, names[0]))) if names else hash(type(self))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in field_names(self))
        return f"{type(self).__name__}({fields})"
