"""Expressions of lowpy: from Python's syntax tree to typed nodes, with every rule checked."""

from __future__ import annotations

import _ast as ast

from rufflang.lowpy import intrinsics, ir
from rufflang.lowpy.frontend_constants import ConstantReader, source_of
from rufflang.lowpy.function import LowFunction
from rufflang.lowpy.intrinsic_table import read_intrinsic
from rufflang.lowpy.types import (
    BOOL,
    F64,
    I64,
    Field,
    Pointer,
    Record,
    RecordType,
    Scalar,
    StructType,
    Type,
    is_pointer,
    record_type,
)

_INTEGER_OPERATORS = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.BitAnd: "and", ast.BitOr: "or",
    ast.BitXor: "xor", ast.LShift: "shl",
}  # fmt: skip  # fmt: skip
_FLOAT_OPERATORS = {ast.Add: "fadd", ast.Sub: "fsub", ast.Mult: "fmul", ast.Div: "fdiv"}
_COMPARISONS = {
    ast.Eq: ("eq", "eq", "oeq"), ast.NotEq: ("ne", "ne", "une"), ast.Lt: ("slt", "ult", "olt"),
    ast.LtE: ("sle", "ule", "ole"), ast.Gt: ("sgt", "ugt", "ogt"), ast.GtE: ("sge", "uge", "oge"),
}  # fmt: skip  # fmt: skip


class ExpressionReader(ConstantReader):
    """Reads expressions; `expected` is the type that a constant takes where nothing else says so."""

    def check_type(self, node: ast.AST, value: ir.Expression, expected: Type) -> None:
        """Makes sure that a value may go where the expected type is wanted."""
        if value.type == expected or _is_upcast(value.type, expected):
            return
        self.fail(node, f"expected {expected}, found {value.type}")

    def condition(self, node: ast.expr) -> ir.Expression:
        """An expression that must be a bool."""
        value = self.expression(node, BOOL)
        if value.type != BOOL:
            self.fail(node, f"a condition must be a bool, not {value.type}; there is no truthiness")
        return value

    def expression(self, node: ast.expr, expected: Type | None = None) -> ir.Expression:
        """The typed form of any expression."""
        number = self.constant_value(node)
        if number is not None:
            return self.constant(node, number, expected)
        method = getattr(self, f"expression_{type(node).__name__}", None)
        if method is None:
            self.fail(node, f"{type(node).__name__} expressions are not part of lowpy")
        result: ir.Expression = method(node, expected)
        return result

    def expression_Constant(self, node: ast.Constant, expected: Type | None) -> ir.Expression:
        self.fail(node, f"{node.value!r} is not a value in lowpy")

    def expression_Name(self, node: ast.Name, expected: Type | None) -> ir.Expression:
        kind = self.locals.get(node.id)
        if kind is None:
            self.fail(node, f"unknown variable {node.id}")
        return ir.Local(kind, node.id, self.line_of(node))

    # -------------------------------------------------------------------------- memory

    def field(self, node: ast.Attribute) -> tuple[ir.Expression, Field]:
        """A structure and the field of it that is meant."""
        base = self.expression(node.value)
        if isinstance(base.type, RecordType):
            self.fail(node, f"the record {base.type} is immutable; make a new one")
        if not isinstance(base.type, StructType):
            self.fail(node, f"{base.type} has no fields")
        field = base.type.fields.get(node.attr)
        if field is None:
            self.fail(node, f"{base.type} has no field {node.attr}")
        return base, field

    def expression_Attribute(self, node: ast.Attribute, expected: Type | None) -> ir.Expression:
        base = self.expression(node.value)
        if isinstance(base.type, RecordType):
            names = list(base.type.fields)
            if node.attr not in names:
                self.fail(node, f"{base.type} has no field {node.attr}")
            return ir.RecordField(base.type.fields[node.attr], base, names.index(node.attr))
        base, field = self.field(node)
        if field.is_inline:
            return ir.FieldAddress(Pointer(field.type), base, field.offset)
        return self.load_field(base, field)

    def load_field(self, base: ir.Expression, field: Field) -> ir.Expression:
        """What a field holds."""
        loaded = ir.Load(field.stored, base, field.offset)
        return loaded if field.stored == field.type else ir.Convert(field.type, loaded)

    def element_type(self, node: ast.AST, base: ir.Expression) -> Type:
        """What a pointer points to."""
        if not isinstance(base.type, Pointer):
            self.fail(node, f"{base.type} cannot be indexed")
        return base.type.target

    def index(self, node: ast.expr) -> ir.Expression:
        """The number of an element."""
        index = self.expression(node, I64)
        if not (isinstance(index.type, Scalar) and index.type.is_integer):
            self.fail(node, "an index must be an integer")
        return index

    def expression_Subscript(self, node: ast.Subscript, expected: Type | None) -> ir.Expression:
        base = self.expression(node.value)
        kind = self.element_type(node, base)
        return ir.LoadElement(kind, base, self.index(node.slice))

    # ----------------------------------------------------------------------- operators

    def expression_BinOp(self, node: ast.BinOp, expected: Type | None) -> ir.Expression:
        if self.constant_value(node.left) is not None:
            right = self.expression(node.right, expected)
            left = self.expression(node.left, right.type)
        else:
            left = self.expression(node.left, expected)
            right = self.expression(node.right, left.type)
        return self.arithmetic(node, node.op, left, right)

    def arithmetic(
        self, node: ast.AST, op: ast.operator, left: ir.Expression, right: ir.Expression
    ) -> ir.Expression:
        """`left op right` on two numbers of one type."""
        kind = left.type
        if kind != right.type or not isinstance(kind, Scalar):
            self.fail(node, f"operands have types {left.type} and {right.type}; convert one")
        if kind == F64:
            name = _FLOAT_OPERATORS.get(type(op))
        elif kind == BOOL:
            bitwise = isinstance(op, ast.BitAnd | ast.BitOr | ast.BitXor)
            name = _INTEGER_OPERATORS[type(op)] if bitwise else None
        elif isinstance(op, ast.RShift):
            name = "ashr" if kind.signed else "lshr"
        elif isinstance(op, ast.FloorDiv | ast.Mod):
            name = None if kind.signed else ("udiv" if isinstance(op, ast.FloorDiv) else "urem")
        else:
            name = _INTEGER_OPERATORS.get(type(op))
        if name is None:
            self.fail(node, f"{type(op).__name__} is not defined on {kind}")
        return ir.Arithmetic(kind, name, left, right)

    def expression_UnaryOp(self, node: ast.UnaryOp, expected: Type | None) -> ir.Expression:
        if isinstance(node.op, ast.Not):
            return ir.Not(BOOL, self.condition(node.operand))
        operand = self.expression(node.operand, expected)
        kind = operand.type
        if not isinstance(kind, Scalar):
            self.fail(node, f"no unary operator on {kind}")
        if isinstance(node.op, ast.USub):
            if kind == F64:
                return ir.Intrinsic(F64, "negate", (operand,))
            if kind.is_integer:
                return ir.Arithmetic(kind, "sub", ir.Constant(kind, 0), operand)
        elif isinstance(node.op, ast.Invert) and kind.is_integer:
            return ir.Arithmetic(kind, "xor", operand, ir.Constant(kind, -1))
        self.fail(node, f"{type(node.op).__name__} is not defined on {kind}")

    def expression_Compare(self, node: ast.Compare, expected: Type | None) -> ir.Expression:
        if len(node.ops) != 1 or type(node.ops[0]) not in _COMPARISONS:
            self.fail(node, "a comparison is one of == != < <= > >=, not chained")
        if self.constant_value(node.left) is not None:
            right = self.expression(node.comparators[0])
            left = self.expression(node.left, right.type)
        else:
            left = self.expression(node.left)
            right = self.expression(node.comparators[0], left.type)
        signed, unsigned, floating = _COMPARISONS[type(node.ops[0])]
        if is_pointer(left.type) and is_pointer(right.type) and signed in ("eq", "ne"):
            return ir.Compare(BOOL, signed, left, right)
        if left.type != right.type or not isinstance(left.type, Scalar):
            self.fail(node, f"cannot compare {left.type} with {right.type}; convert one")
        name = floating if left.type == F64 else signed if left.type.signed else unsigned
        return ir.Compare(BOOL, name, left, right)

    def expression_BoolOp(self, node: ast.BoolOp, expected: Type | None) -> ir.Expression:
        name = "and" if isinstance(node.op, ast.And) else "or"
        result = self.condition(node.values[-1])
        for item in reversed(node.values[:-1]):
            result = ir.Logical(BOOL, name, self.condition(item), result)
        return result

    def expression_IfExp(self, node: ast.IfExp, expected: Type | None) -> ir.Expression:
        condition = self.condition(node.test)
        if self.constant_value(node.body) is not None:
            otherwise = self.expression(node.orelse, expected)
            then = self.expression(node.body, otherwise.type)
        else:
            then = self.expression(node.body, expected)
            otherwise = self.expression(node.orelse, then.type)
        if then.type != otherwise.type:
            self.fail(node, f"the two sides have types {then.type} and {otherwise.type}")
        return ir.Conditional(then.type, condition, then, otherwise)

    # --------------------------------------------------------------------------- calls

    def expression_Call(self, node: ast.Call, expected: Type | None) -> ir.Expression:
        if node.keywords or any(isinstance(item, ast.Starred) for item in node.args):
            self.fail(node, "arguments are positional")
        target = self.static_object(node.func)
        if isinstance(target, LowFunction):
            return self.call(node, target)
        if isinstance(target, Scalar) or target is bool:
            return self.convert(node, target if isinstance(target, Scalar) else BOOL)
        if isinstance(target, type) and issubclass(target, Record):
            return self.make_record(node, record_type(target))
        if getattr(target, "__module__", None) == intrinsics.__name__:
            return read_intrinsic(self, node, target)
        self.fail(node, f"{source_of(node.func)} is neither a lowpy function nor an intrinsic")

    def arguments(self, node: ast.Call, kinds: list[Type], name: str) -> tuple[ir.Expression, ...]:
        if len(node.args) != len(kinds):
            self.fail(node, f"{name} takes {len(kinds)} arguments, not {len(node.args)}")
        values = []
        for item, kind in zip(node.args, kinds, strict=True):
            value = self.expression(item, kind)
            self.check_type(item, value, kind)
            values.append(value)
        return tuple(values)

    def call(self, node: ast.Call, target: LowFunction) -> ir.Expression:
        signature = target.signature
        values = self.arguments(node, list(signature.parameters), target.name)
        return ir.CallFunction(signature.result, target, values)

    def make_record(self, node: ast.Call, kind: RecordType) -> ir.Expression:
        return ir.MakeRecord(kind, self.arguments(node, list(kind.fields.values()), kind.name))

    def convert(self, node: ast.Call, kind: Scalar) -> ir.Expression:
        if len(node.args) != 1:
            self.fail(node, f"{kind}(…) takes one argument")
        number = self.constant_value(node.args[0])
        if number is not None:
            return self.converted(number, kind)
        operand = self.expression(node.args[0])
        if not isinstance(operand.type, Scalar):
            self.fail(node, f"{operand.type} cannot be converted to {kind}; see word() and cast()")
        return operand if operand.type == kind else ir.Convert(kind, operand)


def _is_upcast(found: Type, expected: Type) -> bool:
    return (
        isinstance(found, StructType)
        and isinstance(expected, StructType)
        and issubclass(found.python_class, expected.python_class)
    )
