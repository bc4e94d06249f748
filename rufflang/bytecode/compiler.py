"""The bytecode compiler's public face: a program goes in, a `Unit` comes out."""

from __future__ import annotations

from collections.abc import Callable

from rufflang.bytecode.chunk import ASYNC, GENERATOR, PLAIN, Chunk, Unit, all_chunks
from rufflang.bytecode.compiler_base import FileContext
from rufflang.bytecode.compiler_tests import TestCompiler
from rufflang.bytecode.encoding import JumpTooFar
from rufflang.bytecode.prelude import BuiltinTable
from rufflang.bytecode.rebuilding import rebuilt
from rufflang.bytecode.resolver import HOISTED, ExportsOf, resolve
from rufflang.bytecode.scopes import CodeNode, FunctionInfo, Variable
from rufflang.records import replace
from rufflang.source import Source
from rufflang.syntax import ast
from rufflang.syntax.exports import executed_statements, exported_names
from rufflang.syntax.recursion import deep_recursion

# Type checkers take this for true; importing `typing` to say so would slow down every first run.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def compile_program(
    program: ast.Program, source: Source, builtins: BuiltinTable, *, repl: bool = False,
    exports_of: ExportsOf = lambda _name: None,
) -> Unit:
    """Compiles a parsed and checked file.

    `exports_of` tells what a module exports, or None where that is not known.

    With `repl` the file is one input of an interactive session: every top-level name is a
    global that earlier inputs may have bound, and the value of a last expression statement
    is the result of the top-level chunk.

    Raises CompileError if a function is too large.
    """
    with deep_recursion:
        context = FileContext(resolve(program, source, repl, exports_of), builtins, repl)
        main = context.resolution.main
        chunk = Chunk("", span=program.span)
        try:
            FunctionCompiler(context, main, chunk, wide=False).program(program)
        except JumpTooFar:
            chunk = Chunk("", span=program.span)
            FunctionCompiler(context, main, chunk, wide=True).program(program)
    for part in all_chunks(chunk):
        part.is_taken_apart = part.name.rpartition(".")[2] in context.taken_apart
    exports = exported_names(program)
    for name in exports:
        context.global_index(name)
    assumptions = context.resolution.assumptions
    return Unit(source, chunk, context.global_names, len(program.statements), exports, assumptions)


class FunctionCompiler(TestCompiler):
    """Compiles one function; all layers together."""

    def program(self, program: ast.Program) -> None:
        """Compiles the top level of a file: hoisted declarations first."""
        self.enter_scope(program.span, self.function.scope)
        statements = list(executed_statements(program))
        for statement in statements:
            if isinstance(statement, HOISTED):
                self.statement(statement)
        rest = [statement for statement in statements if not isinstance(statement, HOISTED)]
        if rest and isinstance(rest[-1], ast.TestCase):
            self.test_program(rest[:-1], rest[-1])
            return
        last = rest[-1] if rest and self.context.repl else None
        for statement in rest:
            if statement is last and isinstance(statement, ast.ExpressionStatement):
                self.emit(statement.span, "RETURN", self.stored_operand(statement.value))
            else:
                self.statement(statement)
        if last is None or not isinstance(last, ast.ExpressionStatement):
            self.emit(program.span, "RETURN_NULL")
        self.last_uses.release(self.chunk)

    def compile_chunk(self, node: CodeNode, function: FunctionInfo, chunk: Chunk) -> Chunk:
        """Compiles the body of a function (or a field default) into `chunk`."""
        blank = replace(chunk)
        try:
            FunctionCompiler(self.context, function, chunk, wide=False).body(node)
        except JumpTooFar:
            chunk = replace(blank, code=[], constants=[], handlers=[], spans=[])
            FunctionCompiler(self.context, function, chunk, wide=True).body(node)
        return chunk

    def body(self, node: CodeNode) -> None:
        """Compiles a whole function."""
        parameters = self._enter_function(node)
        if isinstance(node, ast.StructField):
            assert node.default is not None
            self.emit(node.default.span, "RETURN", self.stored_operand(node.default))
            return
        self.statements(node.body.statements)
        self.emit(node.span, "RETURN_NULL")
        lent = {variable for variable in parameters if variable.is_register and variable not in self.not_lent}
        if self.chunk.kind != PLAIN:
            # Its caller goes on while it still uses its arguments.
            lent = set()
        if lent:
            lent -= rebuilt(self.last_uses, self.chunk.constants, self.resolution)
        self.last_uses.release(self.chunk, lent)
        self.chunk.lent = sum(1 << position for position, variable in enumerate(parameters) if variable in lent)

    def _enter_function(self, node: CodeNode) -> list[Variable]:
        scope = self.function.scope
        parameters = [variable for variable in scope.variables.values() if variable.is_parameter]
        for variable in parameters:
            variable.register = self.temporary()
        if self.chunk.kind == GENERATOR:
            self.generator = self.temporary()
            self.emit(node.span, "GENERATOR", self.generator)
        elif self.chunk.kind == ASYNC:
            self.emit(node.span, "ASYNC")
        for variable in parameters:
            if variable.is_cell:
                self.emit(node.span, "BOX", variable.register)
        for variable, number in self.function.captures.items():
            register = self.capture_registers[variable] = self.temporary()
            self.emit(node.span, "LOAD_CAPTURE", register, number)
        self.enter_scope(node.span, scope)
        return parameters

    def statement(self, node: ast.Statement) -> None:
        """Compiles one statement, and gives back the registers it took."""
        top = self.top
        _STATEMENTS[type(node)](self, node)
        self.top = top

    def expression_statement(self, node: ast.ExpressionStatement) -> None:
        """An expression for its effect."""
        self.into(node.value, self.temporary())

    def export(self, node: ast.Export) -> None:
        """`export` anywhere but at the top level is the inner statement."""
        self.statement(node.statement)

    def nothing(self, node: ast.Statement) -> None:
        """Test blocks are no part of a program: a test is run as a `TestCase`."""


_STATEMENTS: dict[type, Callable[[FunctionCompiler, Any], None]] = {
    ast.Declare: FunctionCompiler.destructure_statement,
    ast.Destructure: FunctionCompiler.destructure_statement,
    ast.Assign: FunctionCompiler.assign,
    ast.ExpressionStatement: FunctionCompiler.expression_statement,
    ast.FunctionDeclaration: FunctionCompiler.declare_function,
    ast.StructDeclaration: FunctionCompiler.declare_struct,
    ast.EnumDeclaration: FunctionCompiler.declare_enum,
    ast.Export: FunctionCompiler.export,
    ast.Import: FunctionCompiler.import_statement,
    ast.If: FunctionCompiler.if_statement,
    ast.While: FunctionCompiler.while_loop,
    ast.For: FunctionCompiler.for_loop,
    ast.Match: FunctionCompiler.match,
    ast.Try: FunctionCompiler.try_statement,
    ast.Return: FunctionCompiler.return_statement,
    ast.Break: FunctionCompiler.break_statement,
    ast.Continue: FunctionCompiler.continue_statement,
    ast.Test: FunctionCompiler.nothing,
    ast.TestGroup: FunctionCompiler.nothing,
    ast.TestSetup: FunctionCompiler.nothing,
    ast.TestTeardown: FunctionCompiler.nothing,
    ast.TestCase: FunctionCompiler.test_case,
}

FunctionCompiler.expressions = {
    ast.IntLiteral: FunctionCompiler.literal,
    ast.FloatLiteral: FunctionCompiler.literal,
    ast.StringLiteral: FunctionCompiler.literal,
    ast.BoolLiteral: FunctionCompiler.literal,
    ast.NullLiteral: FunctionCompiler.null,
    ast.InterpolatedString: FunctionCompiler.interpolated,
    ast.Name: FunctionCompiler.read,
    ast.ArrayLiteral: FunctionCompiler.array,
    ast.DictLiteral: FunctionCompiler.dictionary,
    ast.StructLiteral: FunctionCompiler.struct_literal,
    ast.Unary: FunctionCompiler.unary,
    ast.Binary: FunctionCompiler.binary,
    ast.Logical: FunctionCompiler.logical,
    ast.Pipe: FunctionCompiler.pipe,
    ast.Parenthesised: FunctionCompiler.parenthesised,
    ast.Call: FunctionCompiler.call,
    ast.MethodCall: FunctionCompiler.method_call,
    ast.Index: FunctionCompiler.index,
    ast.Member: FunctionCompiler.member,
    ast.TryOperator: FunctionCompiler.try_operator,
    ast.ResultLiteral: FunctionCompiler.result,
    ast.Tagged: FunctionCompiler.tagged,
    ast.Throw: FunctionCompiler.throw,
    ast.Function: FunctionCompiler.function_expression,
    ast.Yield: FunctionCompiler.yield_item,
    ast.SpawnExpression: FunctionCompiler.spawn,
    ast.Await: FunctionCompiler.await_promise,
}
