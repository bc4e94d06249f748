"""The typed tree that `frontend` makes of a lowpy function and `emitter` replays.

Expressions know their machine type; statements are structured (no jumps), which is
what lets the emitter build SSA form and fold decided branches in a single walk.
"""

from __future__ import annotations

from rufflang.lowpy.types import Type
from rufflang.records import Record

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from rufflang.lowpy.function import LowFunction


class Constant(Record):
    type: Type
    value: int | float | bool


class Local(Record):
    """`line` is where it is read, for messages."""

    type: Type
    name: str
    line: int = 0


class Arithmetic(Record):
    """`op` is an LLVM binary operator such as `add`, `fmul`, `ashr`."""

    type: Type
    op: str
    left: Expression
    right: Expression


class Compare(Record):
    """`op` is an LLVM predicate such as `slt` or `oeq`."""

    type: Type
    op: str
    left: Expression
    right: Expression


class Not(Record):
    type: Type
    operand: Expression


class Logical(Record):
    """`op` is `and` or `or`; the right side is evaluated only when needed."""

    type: Type
    op: str
    left: Expression
    right: Expression


class Conditional(Record):
    type: Type
    condition: Expression
    then: Expression
    otherwise: Expression


class Convert(Record):
    """Between number types; the emitter picks the instruction from the two types."""

    type: Type
    operand: Expression


class Load(Record):
    """The value of type `type` at `base` + `offset` bytes."""

    type: Type
    base: Expression
    offset: int


class LoadElement(Record):
    type: Type
    base: Expression
    index: Expression


class FieldAddress(Record):
    type: Type
    base: Expression
    offset: int


class ElementAddress(Record):
    type: Type
    base: Expression
    index: Expression
    stride: int


class MakeRecord(Record):
    type: Type
    items: tuple[Expression, ...]


class RecordField(Record):
    type: Type
    base: Expression
    index: int


class CallFunction(Record):
    type: Type
    function: LowFunction
    arguments: tuple[Expression, ...]


class Intrinsic(Record):
    """A named operation of `intrinsics`; `extra` holds what is not an expression."""

    type: Type
    name: str
    arguments: tuple[Expression, ...]
    extra: Any = None


Expression: TypeAlias = (
    Constant | Local | Arithmetic | Compare | Not | Logical | Conditional | Convert | Load | LoadElement
    | FieldAddress | ElementAddress | MakeRecord | RecordField | CallFunction | Intrinsic
)  # fmt: skip


class Assign(Record):
    name: str
    value: Expression


class AssignTuple(Record):
    names: tuple[str, ...]
    value: Expression


class Store(Record):
    """`value` into `base` + `offset` bytes."""

    base: Expression
    offset: int
    value: Expression


class StoreElement(Record):
    base: Expression
    index: Expression
    value: Expression


class If(Record):
    condition: Expression
    then: tuple[Statement, ...]
    otherwise: tuple[Statement, ...]


class While(Record):
    """`assigned` names every variable that the body may change."""

    condition: Expression
    body: tuple[Statement, ...]
    assigned: frozenset[str]


class Break(Record):
    pass


class Continue(Record):
    pass


class Return(Record):
    value: Expression | None


class Raise(Record):
    """Leave through the error edge after this call has set the error up."""

    value: Expression


class Evaluate(Record):
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
