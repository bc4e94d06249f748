"""Checks uses of intrinsics and gives them their types; `emitter_intrinsics` has their LLVM form."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

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
    type_of_annotation,
)

if TYPE_CHECKING:
    from rufflang.lowpy.frontend import _Reader

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
    "stack_address": ((), _ADDRESS),
    "spill_registers": ((), VOID),
    "likely": ((BOOL,), BOOL),
    "unlikely": ((BOOL,), BOOL),
    "trap": ((), VOID),
}


def read_intrinsic(reader: _Reader, node: ast.Call, target: Any) -> ir.Expression:
    """The typed form of a call of an intrinsic.  Raises LowpyError through the reader."""
    name = target.__name__
    simple = _SIMPLE.get(name)
    if simple is not None:
        return ir.Intrinsic(simple[1], name, _read_arguments(reader, node, simple[0], name))
    special = _SPECIAL.get(name)
    if special is None:
        reader.fail(node, f"{name} is not an intrinsic")
    result: ir.Expression = special(reader, node)
    return result


def _read_arguments(
    reader: _Reader, node: ast.Call, kinds: tuple[Type | None, ...], name: str
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


def _static_type(reader: _Reader, node: ast.expr) -> Type:
    try:
        return type_of_annotation(ast.unparse(node), reader.scope)
    except (TypeError, NameError) as problem:
        reader.fail(node, str(problem))


def _text(reader: _Reader, node: ast.Call, index: int) -> str:
    item = node.args[index] if index < len(node.args) else None
    if isinstance(item, ast.Constant) and isinstance(item.value, str):
        return item.value
    value = reader.static_object(item) if item is not None else None
    if isinstance(value, str):
        return value
    reader.fail(node, "a text constant is needed here")


def _cast(reader: _Reader, node: ast.Call) -> ir.Expression:
    kind = _static_type(reader, node.args[0])
    value = reader.expression(node.args[1], I64)
    if not is_pointer(kind) or not (is_pointer(value.type) or value.type == I64):
        reader.fail(node, "cast makes a pointer of a pointer or an i64")
    return ir.Intrinsic(kind, "cast", (value,))


def _null(reader: _Reader, node: ast.Call) -> ir.Expression:
    return ir.Intrinsic(_static_type(reader, node.args[0]), "null", ())


def _element(reader: _Reader, node: ast.Call) -> ir.Expression:
    base = reader.expression(node.args[0])
    if not isinstance(base.type, Pointer):
        reader.fail(node, "element needs a Ptr")
    index = reader.expression(node.args[1], I64)
    return ir.ElementAddress(base.type, base, index, memory_size(base.type.target))


def _field_address(reader: _Reader, node: ast.Call) -> ir.Expression:
    base = reader.expression(node.args[0])
    name = _text(reader, node, 1)
    if not isinstance(base.type, StructType) or name not in base.type.fields:
        reader.fail(node, f"{base.type} has no field {name}")
    field = base.type.fields[name]
    return ir.FieldAddress(Pointer(field.type), base, field.offset)


def _size_of(reader: _Reader, node: ast.Call) -> ir.Expression:
    kind = _static_type(reader, node.args[0])
    return ir.Constant(I64, kind.byte_size if isinstance(kind, StructType) else memory_size(kind))


def _offset_of(reader: _Reader, node: ast.Call) -> ir.Expression:
    kind = _static_type(reader, node.args[0])
    name = _text(reader, node, 1)
    if not isinstance(kind, StructType) or name not in kind.fields:
        reader.fail(node, f"{kind} has no field {name}")
    return ir.Constant(I64, kind.fields[name].offset)


def _literal(reader: _Reader, node: ast.Call) -> ir.Expression:
    return ir.Intrinsic(_ADDRESS, "literal", (), _text(reader, node, 0))


def _literal_size(reader: _Reader, node: ast.Call) -> ir.Expression:
    return ir.Constant(I64, len(_text(reader, node, 0).encode()))


def _volatile_load(reader: _Reader, node: ast.Call) -> ir.Expression:
    base = reader.expression(node.args[0])
    if not isinstance(base.type, Pointer) or isinstance(base.type.target, RecordType):
        reader.fail(node, "volatile_load needs a Ptr to a number or pointer")
    return ir.Intrinsic(base.type.target, "volatile_load", (base,))


def _address_of_function(reader: _Reader, node: ast.Call) -> ir.Expression:
    target = reader.static_object(node.args[0])
    if not isinstance(target, LowFunction):
        reader.fail(node, "address_of_function needs a lowpy function")
    return ir.Intrinsic(_ADDRESS, "address_of_function", (), target)


def _call_pointer(reader: _Reader, node: ast.Call) -> ir.Expression:
    kind = _static_type(reader, node.args[0])
    values = tuple(reader.expression(item) for item in node.args[1:])
    if not values or not is_pointer(values[0].type):
        reader.fail(node, "call_pointer needs a result type, a pointer, and arguments")
    return ir.Intrinsic(kind, "call_pointer", values)


def _select(reader: _Reader, node: ast.Call) -> ir.Expression:
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


_SPECIAL = {
    intrinsics.cast.__name__: _cast,
    intrinsics.null.__name__: _null,
    intrinsics.element.__name__: _element,
    intrinsics.field_address.__name__: _field_address,
    intrinsics.size_of.__name__: _size_of,
    intrinsics.offset_of.__name__: _offset_of,
    intrinsics.literal.__name__: _literal,
    intrinsics.literal_size.__name__: _literal_size,
    intrinsics.volatile_load.__name__: _volatile_load,
    intrinsics.address_of_function.__name__: _address_of_function,
    intrinsics.call_pointer.__name__: _call_pointer,
    intrinsics.select.__name__: _select,
}


def memory_size(kind: Type) -> int:
    """Bytes of one element of this type in memory."""
    return kind.size
