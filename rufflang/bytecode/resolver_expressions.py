"""The resolver's walk through expressions.

Expressions bind nothing, so the order of the walk does not matter and it needs no
recursion: however deep an expression is nested, `visit` keeps its own list of work.
"""

from __future__ import annotations

from collections.abc import Callable

from rufflang.bytecode.resolver_names import NameResolver
from rufflang.bytecode.scopes import CodeNode, FunctionInfo, Resolution
from rufflang.syntax import ast

# Type checkers take this for true; importing `typing` to say so would slow down every first run.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    _Work = list[Any]
    _Visitor = Callable[["ExpressionResolver", Any, _Work], None]


class ExpressionResolver(NameResolver):
    """Resolves every name of an expression; function bodies are put off.

    A function's body is walked after the function around it, so that the body sees
    all variables of its surroundings, those declared further down included.
    """

    def __init__(self, resolution: Resolution, open_globals: bool) -> None:
        super().__init__(resolution, open_globals)
        self.postponed: list[tuple[FunctionInfo, CodeNode]] = []

    def visit(self, root: ast.Expression) -> None:
        """Resolves the names in `root`, whose value is only looked at."""
        work: _Work = [root]
        while work:
            node = work.pop()
            _VISITORS[type(node)](self, node, work)

    def visit_kept(self, root: ast.Expression) -> None:
        """Resolves the names in `root`, whose value is stored or returned."""
        self.keep(root)
        self.visit(root)

    def postpone(self, node: CodeNode, is_method: bool = False) -> None:
        """Makes a function (or what else has code of its own) known here, its body to be walked later."""
        self.position += 1
        function = FunctionInfo(self.function, self.scope, self.position)
        self.resolution.functions[id(node)] = function
        if isinstance(node, ast.Function) and is_method and not takes_self(node):
            function.receiver = self.new_parameter(function, "")
        self.postponed.append((function, node))

    def kept(self, node: ast.Expression, work: _Work) -> None:
        """Adds an operand whose value is stored to `work`."""
        self.keep(node)
        work.append(node)


def takes_self(function: ast.Function) -> bool:
    """Whether a method's first parameter is `self`."""
    return bool(function.parameters) and function.parameters[0].name == "self"


def _nothing(resolver: ExpressionResolver, node: Any, work: _Work) -> None:
    """Literals mention no names."""


def _read(resolver: ExpressionResolver, node: ast.Name, work: _Work) -> None:
    resolver.read(node)


def _interpolated(resolver: ExpressionResolver, node: ast.InterpolatedString, work: _Work) -> None:
    work += [part for part in node.parts if not isinstance(part, str)]


def _array(resolver: ExpressionResolver, node: ast.ArrayLiteral, work: _Work) -> None:
    for element in node.elements:
        if isinstance(element, ast.Spread):
            work.append(element.value)
        else:
            resolver.kept(element, work)


def _dict(resolver: ExpressionResolver, node: ast.DictLiteral, work: _Work) -> None:
    for entry in node.entries:
        if isinstance(entry, ast.Spread):
            work.append(entry.value)
        else:
            work.append(entry.key)
            resolver.kept(entry.value, work)


def _struct(resolver: ExpressionResolver, node: ast.StructLiteral, work: _Work) -> None:
    resolver.read(node)
    for field in node.fields:
        resolver.kept(field.value, work)


def _operand(resolver: ExpressionResolver, node: ast.Unary | ast.TryOperator, work: _Work) -> None:
    work.append(node.operand)


def _two_sides(resolver: ExpressionResolver, node: ast.Binary | ast.Logical | ast.Pipe, work: _Work) -> None:
    work.append(node.right)
    work.append(node.left)


def _inner(resolver: ExpressionResolver, node: ast.Parenthesised, work: _Work) -> None:
    work.append(node.inner)


def _call(resolver: ExpressionResolver, node: ast.Call, work: _Work) -> None:
    work.append(node.callee)
    work += node.arguments


def _method_call(resolver: ExpressionResolver, node: ast.MethodCall, work: _Work) -> None:
    work.append(node.receiver)
    work += node.arguments


def _index(resolver: ExpressionResolver, node: ast.Index, work: _Work) -> None:
    work.append(node.base)
    work.append(node.index)


def _member(resolver: ExpressionResolver, node: ast.Member, work: _Work) -> None:
    work.append(node.base)


def _result(resolver: ExpressionResolver, node: ast.ResultLiteral, work: _Work) -> None:
    if node.value is not None:
        resolver.kept(node.value, work)


def _stored_arguments(resolver: ExpressionResolver, node: ast.Tagged | ast.Throw, work: _Work) -> None:
    for argument in node.arguments:
        resolver.kept(argument, work)


def _function(resolver: ExpressionResolver, node: ast.Function | ast.SpawnExpression, work: _Work) -> None:
    resolver.postpone(node)


def _yield(resolver: ExpressionResolver, node: ast.Yield, work: _Work) -> None:
    resolver.resolution.suspends = True
    if node.value is not None:
        resolver.kept(node.value, work)


def _await(resolver: ExpressionResolver, node: ast.Await, work: _Work) -> None:
    resolver.resolution.suspends = True
    resolver.kept(node.operand, work)


_VISITORS: dict[type, _Visitor] = {
    ast.IntLiteral: _nothing,
    ast.FloatLiteral: _nothing,
    ast.StringLiteral: _nothing,
    ast.BoolLiteral: _nothing,
    ast.NullLiteral: _nothing,
    ast.InterpolatedString: _interpolated,
    ast.Name: _read,
    ast.ArrayLiteral: _array,
    ast.DictLiteral: _dict,
    ast.StructLiteral: _struct,
    ast.Unary: _operand,
    ast.Binary: _two_sides,
    ast.Logical: _two_sides,
    ast.Pipe: _two_sides,
    ast.Parenthesised: _inner,
    ast.Call: _call,
    ast.MethodCall: _method_call,
    ast.Index: _index,
    ast.Member: _member,
    ast.TryOperator: _operand,
    ast.ResultLiteral: _result,
    ast.Tagged: _stored_arguments,
    ast.Throw: _stored_arguments,
    ast.Function: _function,
    ast.Await: _await,
    ast.Yield: _yield,
    ast.SpawnExpression: _function,
}
