"""How Ruff values look in the reference evaluator.

Integers, floats, booleans, strings, bytes and null are Python's `int`, `float`, `bool`,
`str`, `bytes` and `None` (integers are kept inside 64 bits by the operators).  Everything
else is one of the classes below.

Arrays, dicts and struct instances have value semantics.  Copies are lazy: reading
such a value out of a place in order to keep it sets its `shared` mark, and whoever
wants to write into a marked container writes into a shallow copy instead, whose own
container children are marked in turn.  `pins` protects a container in the same way
for a short time: while an operand is looked at in place and user code may still run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias, TypeVar

from rufflang.source import Source
from rufflang.syntax import ast
from rufflang.syntax.spans import Span

if TYPE_CHECKING:
    from rufflang.reference.machine import Machine
    from rufflang.reference.scopes import Scope

Value: TypeAlias = object

MINIMUM_INT = -(2**63)
MAXIMUM_INT = 2**63 - 1


class Container:
    """What arrays, dicts and struct instances have in common: the marks of lazy copying."""

    __slots__ = ("pins", "shared")

    def __init__(self) -> None:
        self.shared = False
        self.pins = 0

    def copy(self) -> Container:
        """A shallow copy without marks; children held by both are marked shared."""
        raise NotImplementedError


class ArrayValue(Container):
    """An array.

    Appending must not cost a copy, so the result of `appended` uses the same Python
    list as the array it came from, which goes on seeing only its own first `length`
    elements.  `lent` says that another array may use the list; its elements are then
    marked shared, since both arrays hold them.
    """

    __slots__ = ("_length", "_lent", "_list")

    def __init__(self, items: list[Value]) -> None:
        super().__init__()
        self._list = items
        self._length = len(items)
        self._lent = False

    def __len__(self) -> int:
        return self._length

    @property
    def items(self) -> list[Value]:
        """The elements, for reading only."""
        if len(self._list) != self._length:
            self._stop_lending()
        return self._list

    def set(self, index: int, value: Value) -> None:
        """Replaces the element at a valid, non-negative `index`."""
        if self._lent:
            self._stop_lending()
        self._list[index] = value

    def appended(self, value: Value) -> ArrayValue:
        """A new array with `value` at the end."""
        items = self.items
        if not self._lent:
            share_all(items)
        items.append(share(value))
        longer = ArrayValue(items)
        longer._lent = self._lent = True
        return longer

    def copy(self) -> ArrayValue:
        return ArrayValue(share_all(list(self.items)))

    def _stop_lending(self) -> None:
        self._list = share_all(self._list[: self._length])
        self._lent = False


class DictValue(Container):
    """A dictionary; Python's dict keeps the insertion order."""

    __slots__ = ("entries",)

    def __init__(self, entries: dict[str, Value]) -> None:
        super().__init__()
        self.entries = entries

    def copy(self) -> DictValue:
        share_all(self.entries.values())
        return DictValue(dict(self.entries))


class StructValue(Container):
    """A struct instance; `definition` is None for an undeclared struct.

    `origin` is set on caught errors only: where the error was raised, so that
    throwing it again reports the same place.
    """

    __slots__ = ("definition", "fields", "name", "origin")

    def __init__(self, name: str, definition: StructDefinition | None, fields: dict[str, Value]) -> None:
        super().__init__()
        self.name = name
        self.definition = definition
        self.fields = fields
        self.origin: tuple[Span, Source | None] | None = None

    def copy(self) -> StructValue:
        share_all(self.fields.values())
        duplicate = StructValue(self.name, self.definition, dict(self.fields))
        duplicate.origin = self.origin
        return duplicate

    def method(self, name: str) -> FunctionValue | None:
        """The method `name` of this instance's struct, if there is one."""
        return self.definition.methods.get(name) if self.definition else None


class StructDefinition:
    """What a struct's name is bound to."""

    __slots__ = ("declaration", "methods", "name", "scope")

    def __init__(self, declaration: ast.StructDeclaration, scope: Scope) -> None:
        self.name = declaration.name
        self.declaration = declaration
        self.scope = scope
        self.methods = {
            str(method.name): FunctionValue(method, scope, f"{self.name}.{method.name}")
            for method in declaration.methods
        }


class EnumDefinition:
    """What an enum's name is bound to."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


@dataclass(frozen=True, slots=True, eq=False)
class TaggedValue:
    """`Enum::Variant` with its payload."""

    enum: str
    variant: str
    payload: tuple[Value, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ResultValue:
    """A result or an option; `variant` is `Ok`, `Err`, `Some` or `None`, the last without payload."""

    variant: str
    payload: tuple[Value, ...]

    @property
    def kind(self) -> str:
        """`result` or `option`."""
        return "result" if self.variant in ("Ok", "Err") else "option"


class CollectionValue:
    """A set (see `sets`), queue or stack.  Nothing writes into one, and its elements are marked shared."""

    __slots__ = ("_items",)
    type_name: ClassVar[str]

    def __init__(self, items: tuple[Value, ...]) -> None:
        self._items = items

    @property
    def items(self) -> tuple[Value, ...]:
        """The elements, in order."""
        return self._items


class QueueValue(CollectionValue):
    """Elements from front to back."""

    __slots__ = ()
    type_name = "queue"


class StackValue(CollectionValue):
    """Elements from bottom to top."""

    __slots__ = ()
    type_name = "stack"


class Handle:
    """A value with an identity and a life of its own; copies of it are the same handle.

    A handle is never equal to anything.  `type_name` is what `type` answers; `crosses` says
    whether threads may share it.
    """

    type_name: ClassVar[str]
    crosses: ClassVar[bool] = False

    def display_text(self) -> str:
        """How the handle looks in print."""
        return f"<{self.type_name}>"

    def debug_text(self) -> str:
        """How `debug` shows it."""
        return self.display_text()


class FunctionValue:
    """A closure: a function's text with the scope it was made in.

    `name` is what arity messages and call stacks say.
    """

    __slots__ = ("name", "node", "scope")

    def __init__(self, node: ast.Function, scope: Scope, name: str) -> None:
        self.node = node
        self.scope = scope
        self.name = name


Native: TypeAlias = Callable[["Machine", list[Any]], Value]


@dataclass(frozen=True, slots=True, eq=False)
class NativeFunction:
    """A built-in.

    `name` is the canonical name; aliases are the same object.  `maximum` None means
    any number.  `arity_message` may use `{name}`, `{expected}` and `{got}`.  A built-in
    that `only_looks` keeps neither its arguments nor anything inside them, so they
    need not be marked shared.  `capability` is what a program has to be permitted for it.
    """

    name: str
    minimum: int
    maximum: int | None
    arity_message: str
    only_looks: bool
    function: Native
    documentation: str
    capability: str | None = None


def is_function(value: Value) -> bool:
    """Whether `value` can be called."""
    return isinstance(value, (FunctionValue, NativeFunction))


AnyValue = TypeVar("AnyValue")
Values = TypeVar("Values", bound=Any)


def share(value: AnyValue) -> AnyValue:
    """Marks `value` as held in more than one place, and returns it."""
    if isinstance(value, Container):
        value.shared = True
    return value


def share_all(values: Values) -> Values:
    """Marks every container among `values` (not what is inside them), and returns `values`."""
    for value in values:
        if isinstance(value, Container):
            value.shared = True
    return values


def array_of(values: list[Value]) -> ArrayValue:
    """A new array of elements that may also be held elsewhere."""
    return ArrayValue(share_all(values))


def pin(value: AnyValue) -> AnyValue:
    """Protects a value that is only looked at from writes until `unpin`, and returns it."""
    if isinstance(value, Container):
        value.pins += 1
    return value


def unpin(value: Value) -> None:
    """Undoes one `pin`.  Never undoing it (after an error) costs a copy, nothing else."""
    if isinstance(value, Container):
        value.pins -= 1


def is_exclusive(container: Container) -> bool:
    """Whether nobody else can see a write into `container`."""
    return not container.shared and container.pins == 0


def type_name(value: Value) -> str:
    """The answer of `type(value)`."""
    if isinstance(value, ResultValue):
        return value.kind
    if isinstance(value, (CollectionValue, Handle)):
        return value.type_name
    return _TYPE_NAMES[type(value)]


_TYPE_NAMES: dict[type, str] = {
    int: "int", float: "float", bool: "bool", str: "string", type(None): "null",
    ArrayValue: "array", DictValue: "dict", StructValue: "struct", StructDefinition: "structdef",
    EnumDefinition: "enum", TaggedValue: "tagged", FunctionValue: "function", NativeFunction: "function",
    bytes: "bytes",
}


def is_truthy(value: Value) -> bool:
    """Language truthiness: false, null, zero and empty strings, arrays and dicts are falsy."""
    if value is None or value is False:
        return False
    if isinstance(value, (int, float, str)):
        return bool(value)
    if isinstance(value, ArrayValue):
        return len(value) > 0
    if isinstance(value, DictValue):
        return len(value.entries) > 0
    return True


def dict_key(key: Value) -> str | None:
    """The entry that `key` addresses, or None if it cannot be a key."""
    if type(key) is int:
        return str(key)
    return key if isinstance(key, str) else None
