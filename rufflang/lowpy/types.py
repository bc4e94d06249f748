"""The types of lowpy: what annotations in typed Python mean in memory and in LLVM.

The classes double as ordinary Python annotations, so that mypy checks the runtime's
source as Python while `frontend` reads the same annotations as machine types.
"""

from __future__ import annotations

from rufflang import records

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar, Generic, TypeVar, dataclass_transform

    T = TypeVar("T")


class Scalar(records.Record):
    """A number type: its name, width in bits, LLVM spelling, signedness."""

    name: str
    bits: int
    llvm: str
    signed: bool

    # There is one object for each type, and no comparison is made more often.
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def __str__(self) -> str:
        return self.name

    def __call__(self, value: Any) -> Any:
        return float(value) if self.llvm == "double" else int(value)

    @property
    def size(self) -> int:
        return max(1, self.bits // 8)

    @property
    def is_integer(self) -> bool:
        return self.llvm != "double" and self.bits > 1


I8, I16, I32, I64 = (Scalar(f"i{n}", n, f"i{n}", True) for n in (8, 16, 32, 64))
U8, U16, U32, U64 = (Scalar(f"u{n}", n, f"i{n}", False) for n in (8, 16, 32, 64))
F64 = Scalar("f64", 64, "double", True)
BOOL = Scalar("bool", 1, "i1", False)

if TYPE_CHECKING:
    i8 = int
    i16 = int
    i32 = int
    i64 = int
    u8 = int
    u16 = int
    u32 = int
    u64 = int
    f64 = float
else:
    i8, i16, i32, i64, u8, u16, u32, u64, f64 = I8, I16, I32, I64, U8, U16, U32, U64, F64


if TYPE_CHECKING:

    class Ptr(Generic[T]):
        """Pointer to consecutive `T` in memory."""

        def __getitem__(self, index: int) -> T: ...

        def __setitem__(self, index: int, value: T) -> None: ...

else:

    class Ptr:
        """Pointer to consecutive elements of a type in memory."""

        __class_getitem__ = classmethod(type(list[int]))


class InlineCount(records.Record):
    """Marks a structure's field as consecutive elements inside the structure itself."""

    count: int


def inline(count: int) -> Any:
    """The default value that makes a field `name: Ptr[T] = inline(n)` n embedded elements."""
    return InlineCount(count)


class NarrowType(records.Record):
    """Marks a structure's field as one that takes the room of a smaller type."""

    stored: Scalar


def narrow(stored: Any) -> Any:
    """The default value that has a field, such as `size: i64 = narrow(u32)`, kept in memory as the smaller type.

    What does not fit is cut off when it is stored.
    """
    return NarrowType(stored)


if TYPE_CHECKING:

    class Raised(Any):  # type: ignore[misc]
        """Result of a function that has raised an error; stands for any record."""

else:

    class Raised:
        """Result of a function that has raised an error."""


class Struct:
    """Base of memory layouts; an annotation with a subclass means a pointer to it."""


if TYPE_CHECKING:

    @dataclass_transform(frozen_default=True)
    class Record:
        """Base of multi-word values held in registers."""

        raised: ClassVar[tuple[int, ...] | None] = None

else:

    class Record:
        """Base of multi-word values held in registers."""

        raised = None

        def __init__(self, *values):
            for name, value in zip(type(self).__annotations__, values, strict=True):
                setattr(self, name, value)


class Pointer(records.Record):
    """Machine type of `Ptr[target]`."""

    target: Type

    def __str__(self) -> str:
        return f"Ptr[{self.target}]"

    @property
    def size(self) -> int:
        return 8


class Field(records.Record):
    name: str
    type: Type
    offset: int
    is_inline: bool
    stored: Type
    """What it is in memory; not `type` if it is narrow."""


class StructType:
    """Layout of a `Struct` subclass; as the type of a value it means a pointer to one."""

    def __init__(self, python_class: type[Struct]) -> None:
        self.python_class = python_class
        self.name = python_class.__name__
        self.fields: dict[str, Field] = {}
        self.byte_size = 0

    def __str__(self) -> str:
        return self.name

    @property
    def size(self) -> int:
        return 8


class RecordType:
    """Words of a `Record` subclass."""

    def __init__(self, python_class: type[Record]) -> None:
        self.python_class = python_class
        self.name = python_class.__name__
        self.fields: dict[str, Type] = {}

    def __str__(self) -> str:
        return self.name

    @property
    def size(self) -> int:
        return 8 * len(self.fields)


class TupleType(records.Record):
    """Result of an intrinsic that gives several values."""

    items: tuple[Type, ...]

    def __str__(self) -> str:
        return f"({', '.join(map(str, self.items))})"

    @property
    def size(self) -> int:
        raise TypeError("a tuple has no place in memory")


class Special(records.Record):
    """`None` and `Raised` as result types."""

    name: str

    def __str__(self) -> str:
        return self.name

    @property
    def size(self) -> int:
        raise TypeError(f"{self.name} has no place in memory")


VOID = Special("None")
RAISED = Special("Raised")

Type = Scalar | Pointer | StructType | RecordType | TupleType | Special

_structs: dict[type[Struct], StructType] = {}
_records: dict[type[Record], RecordType] = {}


def is_pointer(kind: Type) -> bool:
    """Whether values of this type are addresses."""
    return isinstance(kind, Pointer | StructType)


def llvm_type(kind: Type) -> str:
    """LLVM spelling of a type as a parameter, result or SSA value."""
    if isinstance(kind, Scalar):
        return kind.llvm
    if isinstance(kind, Pointer | StructType):
        return "ptr"
    if isinstance(kind, RecordType):
        return "{" + ", ".join(llvm_type(item) for item in kind.fields.values()) + "}"
    if isinstance(kind, TupleType):
        return "{" + ", ".join(llvm_type(item) for item in kind.items) + "}"
    return "void"


def type_of_annotation(annotation: Any, scope: dict[str, Any]) -> Type:
    """The machine type of an annotation given as text or object.

    Raises TypeError when it means nothing in lowpy.
    """
    if isinstance(annotation, str):
        annotation = _meant_by(annotation, scope)
    if isinstance(annotation, Scalar):
        return annotation
    if annotation is bool:
        return BOOL
    if annotation is None or annotation is type(None):
        return VOID
    if annotation is Raised:
        return RAISED
    if getattr(annotation, "__origin__", None) is Ptr:
        return Pointer(type_of_annotation(annotation.__args__[0], scope))
    if isinstance(annotation, type) and issubclass(annotation, Struct):
        return struct_type(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return record_type(annotation)
    raise TypeError(f"{annotation!r} is not a lowpy type")


def _meant_by(text: str, scope: dict[str, Any]) -> Any:
    """What our own source text stands for: what `eval` gives, which compiles it first."""
    if text in scope:
        return scope[text]
    if text.startswith("Ptr[") and text.endswith("]") and scope.get("Ptr") is Ptr:
        return Ptr[_meant_by(text[len("Ptr[") : -1], scope)]  # type: ignore[misc]
    return eval(text, scope)


def _module_scope(python_class: type) -> dict[str, Any]:
    import sys

    return vars(sys.modules[python_class.__module__])


def struct_type(python_class: type[Struct]) -> StructType:
    """The layout of a `Struct` subclass, computed once."""
    known = _structs.get(python_class)
    if known is not None:
        return known
    layout = _structs[python_class] = StructType(python_class)
    try:
        _lay_out(layout)
    except Exception:
        del _structs[python_class]
        raise
    return layout


def _lay_out(layout: StructType) -> None:
    python_class = layout.python_class
    offset = 0
    for base in reversed(python_class.__mro__):
        scope = _module_scope(base)
        for name, annotation in vars(base).get("__annotations__", {}).items():
            kind = type_of_annotation(annotation, scope)
            mark = vars(base).get(name)
            count = 1
            if isinstance(mark, InlineCount):
                if not isinstance(kind, Pointer):
                    raise TypeError(f"{python_class.__name__}.{name}: inline() needs a field of type Ptr[…]")
                kind, count = kind.target, mark.count
            stored = kind
            if isinstance(mark, NarrowType):
                if not (isinstance(kind, Scalar) and kind.is_integer and mark.stored.size < kind.size):
                    raise TypeError(f"{python_class.__name__}.{name}: {mark.stored} is not narrower than {kind}")
                stored = mark.stored
            alignment = min(8, stored.size)
            offset = (offset + alignment - 1) // alignment * alignment
            layout.fields[name] = Field(name, kind, offset, isinstance(mark, InlineCount), stored)
            offset += stored.size * count
    layout.byte_size = (offset + 7) // 8 * 8


def record_type(python_class: type[Record]) -> RecordType:
    """The words of a `Record` subclass, computed once."""
    known = _records.get(python_class)
    if known is None:
        known = RecordType(python_class)
        scope = _module_scope(python_class)
        for name, annotation in python_class.__annotations__.items():
            if "ClassVar" not in str(annotation):
                known.fields[name] = _word_type(annotation, scope)
        _records[python_class] = known
    return known


def _word_type(annotation: Any, scope: dict[str, Any]) -> Type:
    kind = type_of_annotation(annotation, scope)
    if not isinstance(kind, Scalar | Pointer | StructType):
        raise TypeError(f"a record's fields are single words, not {kind}")
    return kind
