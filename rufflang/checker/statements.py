"""The walk through a file: scopes, declarations, assignments, returns.

Bodies of functions come last, when all variables around them are known.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from typing import Any

from rufflang.checker import findings
from rufflang.checker.annotations import annotated_type
from rufflang.checker.bindings import UNKNOWN, Binding, FileNames, Scope, case_names
from rufflang.checker.expressions import ExpressionChecker
from rufflang.checker.signatures import Signature, signature_of
from rufflang.checker.types import ANY, Type, fits
from rufflang.syntax import ast
from rufflang.syntax.exports import bare, pattern_names

HOISTED = (ast.FunctionDeclaration, ast.StructDeclaration, ast.EnumDeclaration)


class FileChecker(ExpressionChecker):
    """Checks one file; `file` is the entry."""

    def __init__(self, names: FileNames, builtins: Container[str]) -> None:
        super().__init__(names, builtins)
        self._postponed: list[tuple[ast.Function, Scope]] = []

    def file(self, program: ast.Program) -> None:
        """Checks a whole file."""
        scope = Scope(None)
        statements = [bare(statement) for statement in program.statements]
        for statement in statements:
            if isinstance(statement, HOISTED):
                self.statement(statement, scope)
        for statement in statements:
            if not isinstance(statement, HOISTED):
                self.statement(statement, scope)
        self.tests(program.statements, scope)
        while self._postponed:
            self._body(*self._postponed.pop())

    def statements(self, statements: Iterable[ast.Statement], scope: Scope) -> None:
        """Checks statements in the given scope."""
        for statement in statements:
            self.statement(bare(statement), scope)

    def statement(self, node: ast.Statement, scope: Scope) -> None:
        """Checks one statement."""
        check = _STATEMENTS.get(type(node))
        if check is not None:
            check(self, node, scope)

    def check_block(self, block: ast.Block, scope: Scope) -> None:
        self.statements(block.statements, Scope(scope))

    # ------------------------------------------------------------------- functions

    def check_function(self, node: ast.Function, scope: Scope) -> None:
        self._postponed.append((node, scope))

    def _body(self, node: ast.Function, scope: Scope) -> None:
        result = ANY if node.is_generator else annotated_type(node.return_type)
        inner = Scope(scope, result)
        for parameter in node.parameters:
            declared = annotated_type(parameter.annotation)
            self._bind(inner, parameter.name, Binding(declared, is_declared=declared != ANY))
        self.statements(node.body.statements, inner)

    def declare_function(self, node: ast.FunctionDeclaration, scope: Scope) -> None:
        """`func name(…) { … }`."""
        name = str(node.function.name)
        binding = self._function_binding(signature_of(node.function))
        self._bind(scope, name, UNKNOWN if self.names.assignments[name] else binding)
        self.check_function(node.function, scope)

    def declare_struct(self, node: ast.StructDeclaration, scope: Scope) -> None:
        """`struct Name { … }`."""
        self._bind(scope, node.name, UNKNOWN)
        for field in node.fields:
            if field.default is not None:
                self.type_of(field.default, scope)
        for method in node.methods:
            takes_self = bool(method.parameters) and method.parameters[0].name == "self"
            # Without `self`, every field of the receiver is a local variable.
            self.check_function(method, scope if takes_self else Scope(scope, is_open=True))

    def declare_enum(self, node: ast.EnumDeclaration, scope: Scope) -> None:
        """`enum Name { … }`."""
        self._bind(scope, node.name, UNKNOWN)

    def import_module(self, node: ast.Import, scope: Scope) -> None:
        """`import m`, `from m import a, b`."""
        exports = self.names.modules.get(node.module, {})
        if node.names is None:
            self._bind(scope, node.module, Binding(exports=exports))
        for name in exports if node.names is None else node.names:
            self._bind(scope, name, self._imported(name, exports.get(name)))

    def _imported(self, name: str, signature: Signature | None) -> Binding:
        if signature is None or self.names.assignments[name]:
            return UNKNOWN
        return self._function_binding(signature)

    def _function_binding(self, signature: Signature) -> Binding:
        return Binding(signature.type, signature=signature)

    def _bind(self, scope: Scope, name: str, binding: Binding) -> None:
        """Binds a name; of one that the scope binds more than once nothing is known."""
        scope.names[name] = UNKNOWN if name in scope.names else binding

    # ------------------------------------------------------------------- variables

    def declare(self, node: ast.Declare, scope: Scope) -> None:
        """`let`, `mut`, `const`."""
        actual = self.type_of(node.value, scope)
        if not isinstance(node.pattern, ast.NamePattern):
            for name in pattern_names(node.pattern):
                self._bind(scope, name, UNKNOWN)
            return
        name, declared = node.pattern.name, annotated_type(node.annotation)
        if not fits(declared, actual):
            self.report(findings.wrong_declaration(node.span, node.kind, name, declared, actual))
        if declared != ANY:
            self._bind(scope, name, Binding(declared, is_declared=True))
        else:
            is_fixed = node.kind != "mut" or not self.names.assignments[name]
            self._bind(scope, name, self._inferred(node.value, actual) if is_fixed else UNKNOWN)

    def _inferred(self, value: ast.Expression, inferred: Type) -> Binding:
        signature = signature_of(value) if isinstance(value, ast.Function) else None
        return Binding(inferred, signature=signature)

    def destructure(self, node: ast.Destructure, scope: Scope) -> None:
        """`[a, b] := value`: the parts are of unknown type."""
        self.type_of(node.value, scope)
        for name in pattern_names(node.pattern):
            if scope.find(name) is None:
                self._bind(scope, name, UNKNOWN)

    def assign(self, node: ast.Assign, scope: Scope) -> None:
        """`target := value`, `target += value`."""
        actual = self.type_of(node.value, scope)
        if node.op != ":=":
            actual = self.arithmetic(node.span, node.op[:-1], self.type_of(node.target, scope), actual)
        elif not isinstance(node.target, ast.Name):
            self.type_of(node.target, scope)
        if not isinstance(node.target, ast.Name):
            return
        name = node.target.name
        binding = scope.find(name)
        if binding is None:
            only = self.names.assignments[name] == 1
            self._bind(scope, name, self._inferred(node.value, actual) if only else UNKNOWN)
        elif binding.is_declared and not fits(binding.type, actual):
            self.report(findings.wrong_assignment(node.span, name, binding.type, actual))

    # ------------------------------------------------------------------- control flow

    def expression(self, node: ast.ExpressionStatement, scope: Scope) -> None:
        """An expression for its effect."""
        self.type_of(node.value, scope)

    def if_statement(self, node: ast.If, scope: Scope) -> None:
        """`if … { } else if … { } else { }`."""
        branch: ast.If | ast.Block | None = node
        while isinstance(branch, ast.If):
            self.type_of(branch.condition, scope)
            self.check_block(branch.then, scope)
            branch = branch.otherwise
        if branch is not None:
            self.check_block(branch, scope)

    def while_loop(self, node: ast.While, scope: Scope) -> None:
        """`while`, `loop`."""
        if node.condition is not None:
            self.type_of(node.condition, scope)
        self.check_block(node.body, scope)

    def for_loop(self, node: ast.For, scope: Scope) -> None:
        """`for … in …`."""
        self.type_of(node.iterable, scope)
        self._block_with(node.body, scope, pattern_names(node.pattern))

    def match(self, node: ast.Match, scope: Scope) -> None:
        """`match`, whose arms have no scopes."""
        self.type_of(node.subject, scope)
        for arm in node.arms:
            for name in case_names(arm.pattern):
                scope.names[name] = UNKNOWN
            if arm.guard is not None:
                self.type_of(arm.guard, scope)
            self.statements(arm.body.statements, scope)
        if node.default is not None:
            self.statements(node.default.statements, scope)

    def try_statement(self, node: ast.Try, scope: Scope) -> None:
        """`try { } except name { }`."""
        self.check_block(node.body, scope)
        self._block_with(node.handler, scope, [] if node.error_name is None else [node.error_name])

    def _block_with(self, block: ast.Block, scope: Scope, names: Iterable[str]) -> None:
        inner = Scope(scope)
        for name in names:
            self._bind(inner, name, UNKNOWN)
        self.statements(block.statements, inner)

    def return_statement(self, node: ast.Return, scope: Scope) -> None:
        """`return value`; a value that is left out is null, whose type is unknown."""
        if node.value is None:
            return
        actual = self.type_of(node.value, scope)
        if not fits(scope.result, actual):
            self.report(findings.wrong_return(node.span, scope.result, actual))

    # ------------------------------------------------------------------- tests

    def tests(self, statements: Iterable[ast.Statement], scope: Scope) -> None:
        """The tests of one level and of the groups below it, which see what its setups define."""
        level = Scope(scope)
        blocks = [bare(statement) for statement in statements]
        for block in blocks:
            if isinstance(block, ast.TestSetup):
                self.statements(block.body.statements, level)
        for block in blocks:
            if isinstance(block, ast.Test):
                self.check_block(block.body, level)
            elif isinstance(block, ast.TestGroup):
                self.tests(block.body.statements, level)
            elif isinstance(block, ast.TestTeardown):
                # It may see variables of any test.
                self.statements(block.body.statements, Scope(level, is_open=True))


_STATEMENTS: dict[type, Callable[[FileChecker, Any, Scope], None]] = {
    ast.Declare: FileChecker.declare,
    ast.Destructure: FileChecker.destructure,
    ast.Assign: FileChecker.assign,
    ast.ExpressionStatement: FileChecker.expression,
    ast.FunctionDeclaration: FileChecker.declare_function,
    ast.StructDeclaration: FileChecker.declare_struct,
    ast.EnumDeclaration: FileChecker.declare_enum,
    ast.Import: FileChecker.import_module,
    ast.If: FileChecker.if_statement,
    ast.While: FileChecker.while_loop,
    ast.For: FileChecker.for_loop,
    ast.Match: FileChecker.match,
    ast.Try: FileChecker.try_statement,
    ast.Return: FileChecker.return_statement,
}
