"""The typed tree that `frontend` makes of a lowpy function and `emitter` replays.

Expressions know their machine type; statements are structured (no jumps), which is
what lets the emitter build SSA form and fold decided branches in a single walk.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from rufflang.lowpy.types import Type

if TYPE_CHECKING:
    from rufflang.lowpy.function import LowFunction


@dataclass(frozen=True, slots=True)
class Constant:
    type: Type
    value: int | float | bool


@dataclass(frozen=True, slots=True)
class Local:
    """`line` is where it is read, for messages."""

    type: Type
    name: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`op` is an LLVM binary operator such as `add`, `fmul`, `ashr`."""

    type: Type
    op: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Compare:
    """`op` is an LLVM predicate such as `slt` or `oeq`."""

    type: Type
    op: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Not:
    type: Type
    operand: Expression


@dataclass(frozen=True, slots=True)
class Logical:
    """`op` is `and` or `or`; the right side is evaluated only when needed."""

    type: Type
    op: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Conditional:
    type: Type
    condition: Expression
    then: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True)
class Convert:
    """Between number types; the emitter picks the instruction from the two types."""

    type: Type
    operand: Expression


@dataclass(frozen=True, slots=True)
class Load:
    """The value of type `type` at `base` + `offset` bytes."""

    type: Type
    base: Expression
    offset: int


@dataclass(frozen=True, slots=True)
class LoadElement:
    type: Type
    base: Expression
    index: Expression


@dataclass(frozen=True, slots=True)
class FieldAddress:
    type: Type
    base: Expression
    offset: int


@dataclass(frozen=True, slots=True)
class ElementAddress:
    type: Type
    base: Expression
    index: Expression
    stride: int


@dataclass(frozen=True, slots=True)
class MakeRecord:
    type: Type
    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class RecordField:
    type: Type
    base: Expression
    index: int


@dataclass(frozen=True, slots=True)
class CallFunction:
    type: Type
    function: LowFunction
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Intrinsic:
    """A named operation of `intrinsics`; `extra` holds what is not an expression."""

    type: Type
    name: str
    arguments: tuple[Expression, ...]
    extra: Any = None


Expression: TypeAlias = (
    Constant | Local | Arithmetic | Compare | Not | Logical | Conditional | Convert | Load | LoadElement
    | FieldAddress | ElementAddress | MakeRecord | RecordField | CallFunction | Intrinsic
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Assign:
    name: str
    value: Expression


@dataclass(frozen=True, slots=True)
class AssignTuple:
    names: tuple[str, ...]
    value: Expression


@dataclass(frozen=True, slots=True)
class Store:
    """`value` into `base` + `offset` bytes."""

    base: Expression
    offset: int
    value: Expression


@dataclass(frozen=True, slots=True)
class StoreElement:
    base: Expression
    index: Expression
    value: Expression


@dataclass(frozen=True, slots=True)
class If:
    condition: Expression
    then: tuple[Statement, ...]
    otherwise: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class While:
    """`assigned` names every variable that the body may change."""

    condition: Expression
    body: tuple[Statement, ...]
    assigned: frozenset[str]


@dataclass(frozen=True, slots=True)
class Break:
    pass


@dataclass(frozen=True, slots=True)
class Continue:
    pass


@dataclass(frozen=True, slots=True)
class Return:
    value: Expression | None


@dataclass(frozen=True, slots=True)
class Raise:
    """Leave through the error edge after this call has set the error up."""

    value: Expression


@dataclass(frozen=True, slots=True)
class Evaluate:
    value: Expression


Statement: TypeAlias = (
    Assign | AssignTuple | Store | StoreElement | If | While | Break | Continue | Return | Raise | Evaluate
)


def assigned_names(statements: tuple[Statement, ...]) -> frozenset[str]:
    """Every variable assigned somewhere in these statements."""
    names: set[str] = set()
    for statement in statements:
        if isinstance(statement, Assign):
            names.add(statement.name)
        elif isinstance(statement, AssignTuple):
            names.update(statement.names)
        elif isinstance(statement, If):
            names |= assigned_names(statement.then) | assigned_names(statement.otherwise)
        elif isinstance(statement, While):
            names |= statement.assigned
    return frozenset(names)
