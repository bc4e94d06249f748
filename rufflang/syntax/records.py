"""Records: small classes of named fields, declared like dataclasses.

The tree has some sixty kinds of node, and every start of the program pays for defining
them.  `dataclasses` compiles half a dozen methods for each, 40 ms in all; here a class
costs a few microseconds, and its `__init__` is compiled when the first instance is made.
Type checkers see frozen dataclasses; at run time nothing forbids assigning a field, but
nothing in this project does it.
"""

from __future__ import annotations

# Type checkers take this for true; importing `typing` to say so would cost more than this whole module.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, dataclass_transform
else:

    def dataclass_transform(**_options):
        """Marks a class for type checkers only."""
        return lambda marked: marked


def field_names(record: Any) -> tuple[str, ...]:
    """The names of the fields of a record or record class, in order."""
    names: tuple[str, ...] = record.__match_args__
    return names


def build_initialiser(record: type) -> Any:
    """Compiles the `__init__` of a record class from its fields and their defaults."""
    fields = field_names(record)
    defaults: dict[str, object] = record._field_defaults  # type: ignore[attr-defined]
    parameters = [f"{name}=_defaults[{name!r}]" if name in defaults else name for name in fields]
    assignments = [f"    self.{name} = {name}" for name in fields]
    text = "\n".join([f"def __init__(self, {', '.join(parameters)}):", *assignments])
    namespace: dict[str, Any] = {"_defaults": defaults}
    exec(text, namespace)
    initialiser = namespace["__init__"]
    initialiser.__qualname__ = f"{record.__qualname__}.__init__"
    return initialiser


def initialise_first(self: Any, *arguments: object, **named: object) -> None:
    """Stands in for `__init__` until the first instance is made."""
    record = type(self)
    record.__init__ = build_initialiser(record)
    record.__init__(self, *arguments, **named)


@dataclass_transform(frozen_default=True)
class RecordType(type):
    """Turns the annotations of a class into its slots."""

    def __new__(mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> RecordType:
        fields = tuple(namespace.get("__annotations__", ()))
        namespace["_field_defaults"] = {field: namespace.pop(field) for field in fields if field in namespace}
        namespace["__slots__"] = namespace["__match_args__"] = fields
        if fields:
            namespace["__init__"] = initialise_first
        return super().__new__(mcs, name, bases, namespace)


class Record(metaclass=RecordType):
    """Base of all records: equal when of one class with equal fields, like dataclasses."""

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if type(self) is not type(other):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in field_names(self))

    def __hash__(self) -> int:
        # The first field is the span wherever there is one, which tells nodes apart well enough;
        # hashing all of them would walk the whole tree.
        return hash((type(self), getattr(self, field_names(self)[0])))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in field_names(self))
        return f"{type(self).__name__}({fields})"
