"""Reads a lowpy function: Python source, through Python's `ast`, to the typed tree.

All rules of the subset are checked here, so that `emitter` may trust what it gets.
Each violation names the file, the line and the rule.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from typing import Any, NoReturn

from rufflang.lowpy import intrinsics, ir
from rufflang.lowpy.function import LowFunction, LowpyError
from rufflang.lowpy.intrinsic_table import read_intrinsic
from rufflang.lowpy.types import (
    BOOL,
    F64,
    I64,
    RAISED,
    VOID,
    Field,
    Pointer,
    Raised,
    Record,
    RecordType,
    Scalar,
    StructType,
    TupleType,
    Type,
    is_pointer,
    record_type,
    type_of_annotation,
)

_INTEGER_OPERATORS = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.BitAnd: "and", ast.BitOr: "or",
    ast.BitXor: "xor", ast.LShift: "shl",
}  # fmt: skip
_FLOAT_OPERATORS = {ast.Add: "fadd", ast.Sub: "fsub", ast.Mult: "fmul", ast.Div: "fdiv"}
_COMPARISONS = {
    ast.Eq: ("eq", "eq", "oeq"), ast.NotEq: ("ne", "ne", "une"), ast.Lt: ("slt", "ult", "olt"),
    ast.LtE: ("sle", "ule", "ole"), ast.Gt: ("sgt", "ugt", "ogt"), ast.GtE: ("sge", "uge", "oge"),
}  # fmt: skip


def read_function(function: LowFunction) -> tuple[ir.Statement, ...]:
    """The typed statements of a function.  Raises LowpyError."""
    lines, first = inspect.getsourcelines(function.python)
    tree = ast.parse(textwrap.dedent("".join(lines)))
    definition = tree.body[0]
    assert isinstance(definition, ast.FunctionDef)
    return _Reader(function, first - 1).read(definition)


class _Reader:
    def __init__(self, function: LowFunction, line_offset: int) -> None:
        self.function = function
        self.scope = function.scope
        self.line_offset = line_offset
        signature = function.signature
        self.result = signature.result
        self.locals: dict[str, Type] = dict(zip(signature.names, signature.parameters, strict=True))
        self.loop_depth = 0
        self.hidden = 0

    def fail(self, node: ast.AST, rule: str) -> NoReturn:
        line = getattr(node, "lineno", 0) + self.line_offset
        raise LowpyError(f"{self.function.python.__code__.co_filename}:{line}: in {self.function.name}: {rule}")

    def read(self, definition: ast.FunctionDef) -> tuple[ir.Statement, ...]:
        body = self.block(definition.body)
        if self.result is not VOID and self.result is not RAISED and not _always_leaves(body):
            self.fail(definition, f"every path must return a {self.result}")
        return body

    # ------------------------------------------------------------------ statements

    def block(self, nodes: list[ast.stmt]) -> tuple[ir.Statement, ...]:
        statements: list[ir.Statement] = []
        for node in nodes:
            statements.extend(self.statement(node))
        return tuple(statements)

    def statement(self, node: ast.stmt) -> list[ir.Statement]:
        method = getattr(self, f"statement_{type(node).__name__}", None)
        if method is None:
            self.fail(node, f"{type(node).__name__} statements are not part of lowpy")
        result: list[ir.Statement] = method(node)
        return result

    def statement_Pass(self, node: ast.Pass) -> list[ir.Statement]:
        return []

    def statement_Expr(self, node: ast.Expr) -> list[ir.Statement]:
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            return []
        if not isinstance(node.value, ast.Call):
            self.fail(node, "an expression statement must be a call")
        return [ir.Evaluate(self.expression(node.value))]

    def statement_Return(self, node: ast.Return) -> list[ir.Statement]:
        if node.value is None:
            if self.result is not VOID and self.result is not RAISED:
                self.fail(node, f"return needs a {self.result}")
            return [ir.Return(None)]
        if self.result is RAISED and isinstance(node.value, ast.Call) and self.static_object(node.value.func) is Raised:
            return [ir.Return(None)]
        value = self.expression(node.value, self.result)
        if value.type is RAISED:
            if self.result is RAISED:
                return [ir.Evaluate(value), ir.Return(None)]
            if not isinstance(self.result, RecordType) or self.result.python_class.raised is None:
                self.fail(node, f"a function returning {self.result} has no error edge")
            return [ir.Raise(value)]
        self.check_type(node, value, self.result)
        return [ir.Return(value)]

    def statement_Assign(self, node: ast.Assign) -> list[ir.Statement]:
        if len(node.targets) != 1:
            self.fail(node, "chained assignment is not part of lowpy")
        target = node.targets[0]
        if isinstance(target, ast.Tuple):
            return [self.assign_tuple(target, self.expression(node.value))]
        expected = self.target_type(target)
        return [self.store(target, self.expression(node.value, expected))]

    def statement_AnnAssign(self, node: ast.AnnAssign) -> list[ir.Statement]:
        if not isinstance(node.target, ast.Name) or node.value is None:
            self.fail(node, "an annotated assignment needs a variable and a value")
        kind = self.annotation(node.annotation)
        if self.locals.setdefault(node.target.id, kind) != kind:
            self.fail(node, f"{node.target.id} already has type {self.locals[node.target.id]}")
        value = self.expression(node.value, kind)
        self.check_type(node, value, kind)
        return [ir.Assign(node.target.id, value)]

    def statement_AugAssign(self, node: ast.AugAssign) -> list[ir.Statement]:
        current = self.expression(node.target)
        operand = self.expression(node.value, current.type)
        return [self.store(node.target, self.arithmetic(node, node.op, current, operand))]

    def statement_If(self, node: ast.If) -> list[ir.Statement]:
        condition = self.condition(node.test)
        return [ir.If(condition, self.block(node.body), self.block(node.orelse))]

    def statement_While(self, node: ast.While) -> list[ir.Statement]:
        if node.orelse:
            self.fail(node, "while … else is not part of lowpy")
        condition = self.condition(node.test)
        self.loop_depth += 1
        body = self.block(node.body)
        self.loop_depth -= 1
        return [ir.While(condition, body, ir.assigned_names(body))]

    def statement_For(self, node: ast.For) -> list[ir.Statement]:
        call = node.iter
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "range"):
            self.fail(node, "for iterates over range(stop) or range(start, stop) only")
        if not isinstance(node.target, ast.Name) or node.orelse or not 1 <= len(call.args) <= 2:
            self.fail(node, "for has the form: for NAME in range(stop) or range(start, stop)")
        bounds = [self.expression(item, I64) for item in call.args]
        for item in bounds:
            self.check_type(node, item, I64)
        start = bounds[0] if len(bounds) == 2 else ir.Constant(I64, 0)
        self.hidden += 1
        counter, stop = f"$counter{self.hidden}", f"$stop{self.hidden}"
        if self.locals.setdefault(node.target.id, I64) != I64:
            self.fail(node, f"{node.target.id} is not an i64")
        self.loop_depth += 1
        inner = self.block(node.body)
        self.loop_depth -= 1
        position = ir.Local(I64, counter)
        body = (
            ir.Assign(node.target.id, position),
            ir.Assign(counter, ir.Arithmetic(I64, "add", position, ir.Constant(I64, 1))),
            *inner,
        )
        return [
            ir.Assign(counter, start),
            ir.Assign(stop, bounds[-1]),
            ir.While(ir.Compare(BOOL, "slt", position, ir.Local(I64, stop)), body, ir.assigned_names(body)),
        ]

    def statement_Break(self, node: ast.Break) -> list[ir.Statement]:
        if not self.loop_depth:
            self.fail(node, "break outside a loop")
        return [ir.Break()]

    def statement_Continue(self, node: ast.Continue) -> list[ir.Statement]:
        if not self.loop_depth:
            self.fail(node, "continue outside a loop")
        return [ir.Continue()]

    # ------------------------------------------------------------- assignment targets

    def target_type(self, target: ast.expr) -> Type | None:
        if isinstance(target, ast.Name):
            return self.locals.get(target.id)
        if isinstance(target, ast.Attribute):
            return self.field(target)[1].type
        if isinstance(target, ast.Subscript):
            return self.element_type(target, self.expression(target.value))
        self.fail(target, "only variables, fields and elements can be assigned")

    def store(self, target: ast.expr, value: ir.Expression) -> ir.Statement:
        if isinstance(target, ast.Name):
            if value.type is VOID or value.type is RAISED:
                self.fail(target, "this call has no result")
            known = self.locals.setdefault(target.id, value.type)
            self.check_type(target, value, known)
            return ir.Assign(target.id, value)
        if isinstance(target, ast.Attribute):
            base, field = self.field(target)
            if field.is_inline:
                self.fail(target, "an inline field cannot be assigned as a whole")
            self.check_type(target, value, field.type)
            return ir.Store(base, field.offset, value)
        assert isinstance(target, ast.Subscript)
        base = self.expression(target.value)
        self.check_type(target, value, self.element_type(target, base))
        index = self.expression(target.slice, I64)
        return ir.StoreElement(base, index, value)

    def assign_tuple(self, target: ast.Tuple, value: ir.Expression) -> ir.Statement:
        if not isinstance(value.type, TupleType) or len(value.type.items) != len(target.elts):
            self.fail(target, "only an intrinsic that gives that many values can be unpacked")
        names = []
        for item, kind in zip(target.elts, value.type.items, strict=True):
            if not isinstance(item, ast.Name):
                self.fail(item, "unpack into variables")
            if self.locals.setdefault(item.id, kind) != kind:
                self.fail(item, f"{item.id} already has type {self.locals[item.id]}")
            names.append(item.id)
        return ir.AssignTuple(tuple(names), value)

    # ---------------------------------------------------------------------- expressions

    def annotation(self, node: ast.expr) -> Type:
        try:
            return type_of_annotation(ast.unparse(node), self.scope)
        except (TypeError, NameError) as problem:
            self.fail(node, str(problem))

    def check_type(self, node: ast.AST, value: ir.Expression, expected: Type) -> None:
        if value.type == expected or _is_upcast(value.type, expected):
            return
        self.fail(node, f"expected {expected}, found {value.type}")

    def condition(self, node: ast.expr) -> ir.Expression:
        value = self.expression(node, BOOL)
        if value.type != BOOL:
            self.fail(node, f"a condition must be a bool, not {value.type}; there is no truthiness")
        return value

    def constant_value(self, node: ast.expr) -> int | float | bool | None:
        """The Python number a constant expression stands for, or None."""
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, int | float) else None
        if isinstance(node, ast.Name) and node.id not in self.locals:
            return _as_number(self.scope.get(node.id))
        if isinstance(node, ast.Attribute):
            owner = self.static_object(node.value)
            return None if owner is None else _as_number(getattr(owner, node.attr, None))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Invert):
            inner = self.constant_value(node.operand)
            if inner is None:
                return None
            return -inner if isinstance(node.op, ast.USub) else ~int(inner)
        if isinstance(node, ast.BinOp):
            left, right = self.constant_value(node.left), self.constant_value(node.right)
            if left is None or right is None or isinstance(node.op, ast.Div):
                return None
            return _fold(node.op, left, right)
        if isinstance(node, ast.Call):
            return self.constant_call(node)
        return None

    def constant_call(self, node: ast.Call) -> int | None:
        target = self.static_object(node.func)
        if target in (intrinsics.size_of, intrinsics.offset_of, intrinsics.literal_size):
            value = read_intrinsic(self, node, target)
            assert isinstance(value, ir.Constant)
            return int(value.value)
        return None

    def static_object(self, node: ast.expr) -> Any:
        """The Python object a name or dotted name stands for, unless a local shadows it."""
        if isinstance(node, ast.Name):
            return None if node.id in self.locals else self.scope.get(node.id)
        if isinstance(node, ast.Attribute):
            owner = self.static_object(node.value)
            return None if owner is None else getattr(owner, node.attr, None)
        return None

    def expression(self, node: ast.expr, expected: Type | None = None) -> ir.Expression:
        number = self.constant_value(node)
        if number is not None:
            return self.constant(node, number, expected)
        method = getattr(self, f"expression_{type(node).__name__}", None)
        if method is None:
            self.fail(node, f"{type(node).__name__} expressions are not part of lowpy")
        result: ir.Expression = method(node, expected)
        return result

    def constant(self, node: ast.expr, number: int | float | bool, expected: Type | None) -> ir.Constant:
        if isinstance(number, bool):
            if expected is None or expected == BOOL or not isinstance(expected, Scalar):
                return ir.Constant(BOOL, number)
            number = int(number)
        if isinstance(number, float):
            return ir.Constant(F64, number)
        if expected == F64:
            return ir.Constant(F64, float(number))
        kind = expected if isinstance(expected, Scalar) and expected.is_integer else I64
        low = -(1 << (kind.bits - 1))
        if not low <= number < (1 << kind.bits):
            self.fail(node, f"{number} does not fit in {kind}")
        return ir.Constant(kind, number)

    def expression_Name(self, node: ast.Name, expected: Type | None) -> ir.Expression:
        kind = self.locals.get(node.id)
        if kind is None:
            self.fail(node, f"unknown variable {node.id}")
        return ir.Local(kind, node.id)

    def field(self, node: ast.Attribute) -> tuple[ir.Expression, Field]:
        base = self.expression(node.value)
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
        return ir.Load(field.type, base, field.offset)

    def element_type(self, node: ast.AST, base: ir.Expression) -> Type:
        if not isinstance(base.type, Pointer):
            self.fail(node, f"{base.type} cannot be indexed")
        return base.type.target

    def expression_Subscript(self, node: ast.Subscript, expected: Type | None) -> ir.Expression:
        base = self.expression(node.value)
        kind = self.element_type(node, base)
        index = self.expression(node.slice, I64)
        if not (isinstance(index.type, Scalar) and index.type.is_integer):
            self.fail(node, "an index must be an integer")
        return ir.LoadElement(kind, base, index)

    def expression_BinOp(self, node: ast.BinOp, expected: Type | None) -> ir.Expression:
        if self.constant_value(node.left) is not None:
            right = self.expression(node.right, expected)
            left = self.expression(node.left, right.type)
        else:
            left = self.expression(node.left, expected)
            right = self.expression(node.right, left.type)
        return self.arithmetic(node, node.op, left, right)

    def arithmetic(self, node: ast.AST, op: ast.operator, left: ir.Expression, right: ir.Expression) -> ir.Expression:
        kind = left.type
        if kind != right.type or not isinstance(kind, Scalar):
            self.fail(node, f"operands have types {left.type} and {right.type}; convert one")
        if kind == F64:
            name = _FLOAT_OPERATORS.get(type(op))
        elif kind == BOOL:
            name = _INTEGER_OPERATORS.get(type(op)) if isinstance(op, ast.BitAnd | ast.BitOr | ast.BitXor) else None
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
            return ir.Arithmetic(kind, "sub", ir.Constant(kind, 0), operand)
        if isinstance(node.op, ast.Invert) and kind.is_integer:
            return ir.Arithmetic(kind, "xor", operand, ir.Constant(kind, -1))
        self.fail(node, f"{type(node.op).__name__} is not defined on {kind}")

    def expression_Compare(self, node: ast.Compare, expected: Type | None) -> ir.Expression:
        if len(node.ops) != 1 or type(node.ops[0]) not in _COMPARISONS:
            self.fail(node, "one of == != < <= > >=, not chained")
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
        self.fail(node, f"{ast.unparse(node.func)} is neither a lowpy function nor an intrinsic")

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
            return self.constant(node, float(number) if kind == F64 else number, kind)
        operand = self.expression(node.args[0])
        if not isinstance(operand.type, Scalar):
            self.fail(node, f"{operand.type} cannot be converted to {kind}; see word() and cast()")
        return operand if operand.type == kind else ir.Convert(kind, operand)


def _as_number(value: Any) -> int | float | bool | None:
    return value if isinstance(value, int | float) else None


def _fold(op: ast.operator, left: Any, right: Any) -> int | float | None:
    folds: dict[type[ast.operator], Any] = {
        ast.Add: lambda a, b: a + b, ast.Sub: lambda a, b: a - b, ast.Mult: lambda a, b: a * b,
        ast.LShift: lambda a, b: a << b, ast.RShift: lambda a, b: a >> b, ast.BitOr: lambda a, b: a | b,
        ast.BitAnd: lambda a, b: a & b, ast.BitXor: lambda a, b: a ^ b, ast.FloorDiv: lambda a, b: a // b,
        ast.Mod: lambda a, b: a % b,
    }  # fmt: skip
    fold = folds.get(type(op))
    result: int | float | None = None if fold is None else fold(left, right)
    return result


def _is_upcast(found: Type, expected: Type) -> bool:
    return (
        isinstance(found, StructType)
        and isinstance(expected, StructType)
        and issubclass(found.python_class, expected.python_class)
    )


def _always_leaves(statements: tuple[ir.Statement, ...]) -> bool:
    for statement in statements:
        if isinstance(statement, ir.Return | ir.Raise | ir.Break | ir.Continue):
            return True
        if isinstance(statement, ir.If) and _always_leaves(statement.then) and _always_leaves(statement.otherwise):
            return True
        if isinstance(statement, ir.While) and statement.condition == ir.Constant(BOOL, True):
            return True
        if isinstance(statement, ir.Evaluate) and statement.value == ir.Intrinsic(VOID, "trap", ()):
            return True
    return False
