"""Names, constants and annotations of a lowpy function, as far as they are known while compiling."""

from __future__ import annotations

import _ast as ast

from rufflang.lowpy import ir
from rufflang.lowpy.emitter_folding import fold_convert
from rufflang.lowpy.function import LowFunction, LowpyError
from rufflang.lowpy.intrinsic_table import constant_intrinsic
from rufflang.lowpy.types import BOOL, F64, I64, RAISED, VOID, Pointer, Ptr, Scalar, Type, type_of_annotation
from rufflang.lowpy.values import constant_word

# Type checkers take this for true; importing `typing` to say so would slow down whoever waits for code.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn


class ConstantReader:
    """Reads what needs no code: constants, the objects that names stand for, types.

    `locals` holds the type of each variable assigned so far.
    """

    def __init__(self, function: LowFunction, line_offset: int) -> None:
        self.function = function
        self.scope = function.scope
        self.line_offset = line_offset
        signature = function.signature
        self.result = signature.result
        self.locals: dict[str, Type] = dict(zip(signature.names, signature.parameters, strict=True))
        self._names = frozenset(function.python.__code__.co_varnames)

    def line_of(self, node: ast.AST) -> int:
        """The line of the file that a node stands in."""
        return getattr(node, "lineno", 0) + self.line_offset

    def fail(self, node: ast.AST, rule: str) -> NoReturn:
        """Reports a broken rule."""
        raise LowpyError(f"{self.function.file}:{self.line_of(node)}: in {self.function.name}: {rule}")

    def annotation(self, node: ast.expr) -> Type:
        """The type that a variable's annotation or a type argument names."""
        if isinstance(node, ast.Subscript) and self.static_object(node.value) is Ptr:
            return Pointer(self.annotation(node.slice))
        named = self.static_object(node)
        try:
            kind = type_of_annotation(source_of(node) if named is None else named, self.scope)
        except (TypeError, NameError, AttributeError, SyntaxError) as problem:
            self.fail(node, str(problem))
        return kind

    def static_object(self, node: ast.expr) -> Any:
        """The Python object a name or dotted name stands for, unless a local shadows it."""
        if isinstance(node, ast.Name):
            if node.id in self._names:
                return None
            return self.scope.get(node.id, bool if node.id == "bool" else None)
        if isinstance(node, ast.Attribute):
            owner = self.static_object(node.value)
            return None if owner is None else getattr(owner, node.attr, None)
        return None

    def constant_value(self, node: ast.expr) -> int | float | bool | None:
        """The Python number a constant expression stands for, or None."""
        if isinstance(node, ast.Constant):
            return _as_number(node.value)
        if isinstance(node, ast.Name | ast.Attribute):
            return _as_number(self.static_object(node))
        if isinstance(node, ast.UnaryOp):
            return self._constant_unary(node)
        if isinstance(node, ast.BinOp):
            return self._constant_binary(node)
        if isinstance(node, ast.Call):
            constant = constant_intrinsic(self, node, self.static_object(node.func))
            return None if constant is None else constant.value
        return None

    def _constant_unary(self, node: ast.UnaryOp) -> int | float | None:
        inner = self.constant_value(node.operand)
        if inner is None or isinstance(inner, bool):
            return None
        if isinstance(node.op, ast.USub):
            return -inner
        return ~inner if isinstance(node.op, ast.Invert) and isinstance(inner, int) else None

    def _constant_binary(self, node: ast.BinOp) -> int | float | None:
        left, right = self.constant_value(node.left), self.constant_value(node.right)
        fold = _FOLDS.get(type(node.op))
        if left is None or right is None or fold is None or type(left) is not type(right):
            return None
        if isinstance(left, bool):
            return None
        try:
            result: int | float = fold(left, right)
        except (ArithmeticError, ValueError, TypeError) as problem:
            self.fail(node, f"this constant has no value: {problem}")
        return result

    def constant(self, node: ast.expr, number: int | float | bool, expected: Type | None) -> ir.Constant:
        """A number as a constant of the expected type, if it may have that."""
        if isinstance(number, bool):
            return ir.Constant(BOOL, number)
        if isinstance(number, float) or expected == F64:
            return ir.Constant(F64, float(number))
        kind = expected if isinstance(expected, Scalar) and expected.is_integer else I64
        low = -(1 << (kind.bits - 1))
        if not low <= number < (1 << kind.bits):
            self.fail(node, f"{number} does not fit in {kind}")
        return ir.Constant(kind, number)

    @staticmethod
    def converted(number: int | float | bool, kind: Scalar) -> ir.Constant:
        """A constant converted as at run time."""
        if isinstance(number, float):
            folded = fold_convert(kind, constant_word(F64, number))
            assert folded is not None and folded.constant is not None
            return ir.Constant(kind, folded.constant)
        value = constant_word(kind, number).constant
        assert value is not None
        return ir.Constant(kind, value)

    def variable_type(self, node: ast.AST, kind: Type) -> Type:
        """The type, which has to be that of a value."""
        if kind is VOID or kind is RAISED:
            self.fail(node, f"a variable cannot have type {kind}")
        return kind


def source_of(node: ast.expr) -> str:
    """The source text of an expression."""
    from ast import unparse

    return unparse(node)


_FOLDS: dict[type[ast.operator], Any] = {
    ast.Add: lambda a, b: a + b, ast.Sub: lambda a, b: a - b, ast.Mult: lambda a, b: a * b,
    ast.LShift: lambda a, b: a << b, ast.RShift: lambda a, b: a >> b, ast.BitOr: lambda a, b: a | b,
    ast.BitAnd: lambda a, b: a & b, ast.BitXor: lambda a, b: a ^ b, ast.FloorDiv: lambda a, b: a // b,
    ast.Mod: lambda a, b: a % b,
}  # fmt: skip


def _as_number(value: Any) -> int | float | bool | None:
    return value if isinstance(value, int | float) else None
