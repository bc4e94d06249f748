"""Checks uses of intrinsics and gives them their types; `emitter_intrinsics` has their LLVM form."""

from __future__ import annotations

import _ast as ast
from types import FunctionType

from rufflang.lowpy import intrinsics, ir
from rufflang.lowpy.function import LowFunction
from rufflang.lowpy.types import (
    BOOL,
    F64,
    I64,
    U8,
    U64,
    VOID,
    Pointer,
    RecordType,
    Scalar,
    StructType,
    TupleType,
    Type,
    is_pointer,
)

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from rufflang.lowpy.frontend_constants import ConstantReader
    from rufflang.lowpy.frontend_expressions import ExpressionReader

_ADDRESS = Pointer(U8)
_PAIR = TupleType((I64, BOOL))
_ANY_POINTER = None

# name: (parameter types, result type); None as a parameter accepts any pointer
_SIMPLE: dict[str, tuple[tuple[Type | None, ...], Type]] = {
    "add_overflow": ((I64, I64), _PAIR),
    "sub_overflow": ((I64, I64), _PAIR),
    "mul_overflow": ((I64, I64), _PAIR),
    "divide_truncated": ((I64, I64), I64),
    "remainder_truncated": ((I64, I64), I64),
    "multiply_high": ((U64, U64), U64),
    "bits_of": ((F64,), I64),
    "float_from_bits": ((I64,), F64),
    "square_root": ((F64,), F64),
    "floor": ((F64,), F64),
    "ceiling": ((F64,), F64),
    "truncate": ((F64,), F64),
    "absolute": ((F64,), F64),
    "float_remainder": ((F64, F64), F64),
    "count_leading_zeros": ((U64,), U64),
    "count_trailing_zeros": ((U64,), U64),
    "population_count": ((U64,), U64),
    "word": ((_ANY_POINTER,), I64),
    "is_null": ((_ANY_POINTER,), BOOL),
    "offset": ((_ANY_POINTER, I64), _ADDRESS),
    "copy_memory": ((_ANY_POINTER, _ANY_POINTER, I64), VOID),
    "move_memory": ((_ANY_POINTER, _ANY_POINTER, I64), VOID),
    "fill_memory": ((_ANY_POINTER, U8, I64), VOID),
    "prefetch": ((_ANY_POINTER,), VOID),
    "stack_address": ((), _ADDRESS),
    "spill_registers": ((), VOID),
    "likely": ((BOOL,), BOOL),
    "unlikely": ((BOOL,), BOOL),
    "trap": ((), VOID),
}


def read_intrinsic(reader: ExpressionReader, node: ast.Call, target: Any) -> ir.Expression:
    """The typed form of a call of an intrinsic.  Raises LowpyError through the reader."""
    name = target.__name__
    simple = _SIMPLE.get(name)
    if simple is not None:
        return ir.Intrinsic(simple[1], name, _read_arguments(reader, node, simple[0], name))
    special = _SPECIAL.get(name)
    if special is None:
        reader.fail(node, f"{name} is not an intrinsic")
    count, read = special
    if len(node.args) < count or (len(node.args) > count and name != "call_pointer"):
        reader.fail(node, f"{name} takes {count} arguments")
    result: ir.Expression = read(reader, node)
    return result


def constant_intrinsic(reader: ConstantReader, node: ast.Call, target: Any) -> ir.Constant | None:
    """The value of an intrinsic that is known while compiling; None for every other call."""
    found = next((item for item in _CONSTANT if item[0] is target), None)
    if found is None:
        return None
    _, count, read = found
    if len(node.args) != count or node.keywords:
        reader.fail(node, f"{target.__name__} takes {count} arguments")
    return read(reader, node)


def _read_arguments(
    reader: ExpressionReader, node: ast.Call, kinds: tuple[Type | None, ...], name: str
) -> tuple[ir.Expression, ...]:
    if len(node.args) != len(kinds):
        reader.fail(node, f"{name} takes {len(kinds)} arguments")
    values = []
    for item, kind in zip(node.args, kinds, strict=True):
        value = reader.expression(item, kind)
        if kind is None:
            if not is_pointer(value.type):
                reader.fail(item, f"{name} needs a pointer, not {value.type}")
        else:
            reader.check_type(item, value, kind)
        values.append(value)
    return tuple(values)


def _text(reader: ConstantReader, node: ast.Call, index: int) -> str:
    item = node.args[index]
    if isinstance(item, ast.Constant) and isinstance(item.value, str):
        return item.value
    value = reader.static_object(item)
    if isinstance(value, FunctionType) and not value.__code__.co_argcount:
        value = value()
    if isinstance(value, str):
        return value
    reader.fail(node, "a text constant is needed here")


def _cast(reader: ExpressionReader, node: ast.Call) -> ir.Expression:
    kind = reader.annotation(node.args[0])
    value = reader.expression(node.args[1], I64)
    if not is_pointer(kind) or not (is_pointer(value.type) or value.type == I64):
        reader.fail(node, "cast makes a pointer of a pointer or an i64")
    return ir.Intrinsic(kind, "cast", (value,))


def _null(reader: ExpressionReader, node: ast.Call) -> ir.Expression:
    kind = reader.annotation(node.args[0])
    if not is_pointer(kind):
        reader.fail(node, f"null makes a pointer, not {kind}")
    return ir.Intrinsic(kind, "null", ())


def _element(reader: ExpressionReader, node: ast.Call) -> ir.Expression:
    base = reader.expression(node.args[0])
    if not isinstance(base.type, Pointer):
        reader.fail(node, "element needs a Ptr")
    index = reader.index(node.args[1])
    return ir.ElementAddress(base.type, base, index, memory_size(base.type.target))


def _field_address(reader: ExpressionReader, node: ast.Call) -> ir.Expression:
    base = reader.expression(node.args[0])
    name = _text(reader, node, 1)
    if not isinstance(base.type, StructType) or name not in base.type.fields:
        reader.fail(node, f"{base.type} has no field {name}")
    field = base.type.fields[name]
    return ir.FieldAddress(Pointer(field.type), base, field.offset)


def _size_of(reader: ConstantReader, node: ast.Call) -> ir.Constant:
    kind = reader.annotation(node.args[0])
    if isinstance(kind, StructType):
        return ir.Constant(I64, kind.byte_size)
    return ir.Constant(I64, memory_size(reader.variable_type(node, kind)))


def _offset_of(reader: ConstantReader, node: ast.Call) -> ir.Constant:
    kind = reader.annotation(node.args[0])
    name = _text(reader, node, 1)
    if not isinstance(kind, StructType) or name not in kind.fields:
        reader.fail(node, f"{kind} has no field {name}")
    return ir.Constant(I64, kind.fields[name].offset)


def _literal(reader: ExpressionReader, node: ast.Call) -> ir.Expression:
    return ir.Intrinsic(_ADDRESS, "literal", (), _text(reader, node, 0))


def _literal_size(reader: ConstantReader, node: ast.Call) -> ir.Constant:
    return ir.Constant(I64, len(_text(reader, node, 0).encode()))


def _volatile_load(reader: ExpressionReader, node: ast.Call) -> ir.Expression:
    base = reader.expression(node.args[0])
    if not isinstance(base.type, Pointer) or isinstance(base.type.target, RecordType):
        reader.fail(node, "volatile_load needs a Ptr to a number or pointer")
    return ir.Intrinsic(base.type.target, "volatile_load", (base,))


def _address_of_function(reader: ExpressionReader, node: ast.Call) -> ir.Expression:
    target = reader.static_object(node.args[0])
    if not isinstance(target, LowFunction):
        reader.fail(node, "address_of_function needs a lowpy function")
    return ir.Intrinsic(_ADDRESS, "address_of_function", (), target)


def _call_pointer(reader: ExpressionReader, node: ast.Call) -> ir.Expression:
    kind = reader.annotation(node.args[0])
    values = tuple(reader.expression(item) for item in node.args[1:])
    if not is_pointer(values[0].type):
        reader.fail(node, "call_pointer needs a result type, a pointer, and arguments")
    return ir.Intrinsic(kind, "call_pointer", values)


def _select(reader: ExpressionReader, node: ast.Call) -> ir.Expression:
    condition = reader.condition(node.args[0])
    if reader.constant_value(node.args[1]) is not None:
        other = reader.expression(node.args[2])
        first = reader.expression(node.args[1], other.type)
    else:
        first = reader.expression(node.args[1])
        other = reader.expression(node.args[2], first.type)
    if first.type != other.type or not isinstance(first.type, Scalar | Pointer | StructType):
        reader.fail(node, "select needs two numbers or pointers of one type")
    return ir.Intrinsic(first.type, "select", (condition, first, other))


# name: (number of arguments, reader)
_SPECIAL: dict[str, tuple[int, Callable[[ExpressionReader, ast.Call], ir.Expression]]] = {
    "cast": (2, _cast),
    "null": (1, _null),
    "element": (2, _element),
    "field_address": (2, _field_address),
    "literal": (1, _literal),
    "volatile_load": (1, _volatile_load),
    "address_of_function": (1, _address_of_function),
    "call_pointer": (2, _call_pointer),
    "select": (3, _select),
}
_CONSTANT: tuple[tuple[Any, int, Callable[[ConstantReader, ast.Call], ir.Constant]], ...] = (
    (intrinsics.size_of, 1, _size_of),
    (intrinsics.offset_of, 2, _offset_of),
    (intrinsics.literal_size, 1, _literal_size),
)


def memory_size(kind: Type) -> int:
    """Bytes of one element of this type in memory."""
    return kind.size
