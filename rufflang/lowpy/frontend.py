"""Reads a lowpy function: Python source, through Python's own syntax tree, to the typed tree.

All rules of the subset are checked here, so that `emitter` may trust what it gets.
Each violation names the file, the line and the rule.  Of `ast` this and the modules below take only the
half that Python has in itself: importing the other one would slow down whoever waits for code.
"""

from __future__ import annotations

import _ast as ast

from rufflang.lowpy import ir
from rufflang.lowpy.frontend_expressions import ExpressionReader
from rufflang.lowpy.function import LowFunction, LowpyError
from rufflang.lowpy.types import BOOL, I64, RAISED, VOID, Field, Raised, RecordType, TupleType, Type


def read_function(function: LowFunction) -> tuple[ir.Statement, ...]:
    """The typed statements of a function.  Raises LowpyError."""
    code = function.python.__code__
    definition = _definition(code.co_filename, code.co_firstlineno)
    if definition is not None:
        return _Reader(function, code.co_firstlineno - 1).read(definition)
    return _read_unusual_function(function)


def _read_unusual_function(function: LowFunction) -> tuple[ir.Statement, ...]:
    """The typed statements of a function that does not begin at the margin, or whose text is there."""
    import inspect
    import textwrap

    if not _lines(function.file):
        raise LowpyError(f"{function.place}: {function.name}: the source is needed")
    lines, first = inspect.getsourcelines(function.python)
    found = _parsed(textwrap.dedent("".join(lines)))[0]
    if not isinstance(found, ast.FunctionDef):
        raise LowpyError(f"{function.place}: {function.name}: only plain functions are part of lowpy")
    return _Reader(function, first - 1).read(found)


def _definition(path: str, first: int) -> ast.FunctionDef | None:
    """The function that begins in that line of a file, where its decorators begin; None if it is not at the margin.

    Only its own lines are read: to parse whole files takes longer than to make code of the few functions wanted.
    """
    lines = _lines(path)
    start = first - 1
    header = next((number for number in range(start, len(lines)) if lines[number].startswith("def ")), len(lines))
    end = header + 1
    # What is at the margin and does not belong to the function ends it, but a closing parenthesis or a comment.
    while end < len(lines) and lines[end][:1] in (" ", "\t", "", ")", "#"):
        end += 1
    try:
        found = _parsed("\n".join(lines[start:end]))
    except SyntaxError:
        return None  # perhaps the rest of a long text is at the margin
    return found[0] if len(found) == 1 and isinstance(found[0], ast.FunctionDef) else None


def _parsed(text: str) -> list[ast.stmt]:
    """The statements of a text.  Raises SyntaxError."""
    tree = compile(text, "<lowpy>", "exec", ast.PyCF_ONLY_AST)
    assert isinstance(tree, ast.Module)
    return tree.body


def _lines(path: str) -> list[str]:
    """The lines of a file; none if it is no file."""
    if path not in _known_lines:
        try:
            with open(path, encoding="utf-8") as file:
                _known_lines[path] = file.read().split("\n")
        except OSError:
            _known_lines[path] = []
    return _known_lines[path]


_known_lines: dict[str, list[str]] = {}


class _Reader(ExpressionReader):
    def __init__(self, function: LowFunction, line_offset: int) -> None:
        super().__init__(function, line_offset)
        self.loop_depth = 0
        self.hidden = 0

    def read(self, definition: ast.FunctionDef) -> tuple[ir.Statement, ...]:
        """The typed statements of the function."""
        body = self.block(definition.body)
        if self.result is not VOID and self.result is not RAISED and not _always_leaves(body):
            self.fail(definition, f"every path must return a {self.result}")
        return body

    # ---------------------------------------------------------------------- statements

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
        called = self.static_object(node.value.func) if isinstance(node.value, ast.Call) else None
        if self.result is RAISED and called is Raised:
            return [ir.Return(None)]
        value = self.expression(node.value, self.result)
        if value.type is RAISED:
            if self.result is RAISED:
                return [ir.Evaluate(value), ir.Return(None)]
            if not isinstance(self.result, RecordType) or self.result.python_class.raised is None:
                self.fail(node, f"a function returning {self.result} has no error edge")
            return [ir.Raise(value)]
        self.check_type(node, value, self.result)
        return [ir.Evaluate(value), ir.Return(None)] if value.type is VOID else [ir.Return(value)]

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
        kind = self.variable_type(node, self.annotation(node.annotation))
        if self.locals.setdefault(node.target.id, kind) != kind:
            self.fail(node, f"{node.target.id} already has type {self.locals[node.target.id]}")
        value = self.expression(node.value, kind)
        self.check_type(node, value, kind)
        return [ir.Assign(node.target.id, value)]

    def statement_AugAssign(self, node: ast.AugAssign) -> list[ir.Statement]:
        """The place is evaluated once, though it is read and written."""
        before: list[ir.Statement] = []
        target = node.target
        current: ir.Expression
        if isinstance(target, ast.Attribute):
            base, field = self.field(target)
            if field.is_inline:
                self.fail(target, "an inline field cannot be assigned as a whole")
            base = self._kept(base, before)
            current = self.load_field(base, field)
            return [*before, self._store_field(base, field, self._augmented(node, current))]
        if isinstance(target, ast.Subscript):
            base = self.expression(target.value)
            kind = self.element_type(target, base)
            base = self._kept(base, before)
            index = self._kept(self.index(target.slice), before)
            value = self._augmented(node, ir.LoadElement(kind, base, index))
            return [*before, ir.StoreElement(base, index, value)]
        return [self.store(target, self._augmented(node, self.expression(target)))]

    def _augmented(self, node: ast.AugAssign, current: ir.Expression) -> ir.Expression:
        value = self.arithmetic(node, node.op, current, self.expression(node.value, current.type))
        self.check_type(node, value, current.type)
        return value

    def _kept(self, value: ir.Expression, before: list[ir.Statement]) -> ir.Expression:
        """The value in a hidden variable, assigned by the statements `before`."""
        if isinstance(value, ir.Local | ir.Constant):
            return value
        self.hidden += 1
        name = f"$place{self.hidden}"
        before.append(ir.Assign(name, value))
        return ir.Local(value.type, name)

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

    # -------------------------------------------------------------- assignment targets

    def target_type(self, target: ast.expr) -> Type | None:
        """The type that a place already has."""
        if isinstance(target, ast.Name):
            return self.locals.get(target.id)
        if isinstance(target, ast.Attribute):
            return self.field(target)[1].type
        if isinstance(target, ast.Subscript):
            return self.element_type(target, self.expression(target.value))
        self.fail(target, "only variables, fields and elements can be assigned")

    def store(self, target: ast.expr, value: ir.Expression) -> ir.Statement:
        """The assignment of a value to a place."""
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
            return self._store_field(base, field, value)
        assert isinstance(target, ast.Subscript)
        base = self.expression(target.value)
        self.check_type(target, value, self.element_type(target, base))
        return ir.StoreElement(base, self.index(target.slice), value)

    def _store_field(self, base: ir.Expression, field: Field, value: ir.Expression) -> ir.Statement:
        if field.stored != field.type:
            value = ir.Convert(field.stored, value)
        return ir.Store(base, field.offset, value)

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


def _always_leaves(statements: tuple[ir.Statement, ...]) -> bool:
    for statement in statements:
        if isinstance(statement, ir.Return | ir.Raise | ir.Break | ir.Continue):
            return True
        if isinstance(statement, ir.If):
            if _always_leaves(statement.then) and _always_leaves(statement.otherwise):
                return True
        elif isinstance(statement, ir.While):
            if statement.condition == ir.Constant(BOOL, True) and not _breaks(statement.body):
                return True
        elif isinstance(statement, ir.Evaluate) and statement.value == ir.Intrinsic(VOID, "trap", ()):
            return True
    return False


def _breaks(statements: tuple[ir.Statement, ...]) -> bool:
    """Whether a loop with this body may be left by `break`."""
    for statement in statements:
        if isinstance(statement, ir.Break):
            return True
        if isinstance(statement, ir.If) and (_breaks(statement.then) or _breaks(statement.otherwise)):
            return True
    return False
