"""Function values, struct and enum declarations: everything that makes a chunk inside a chunk."""

from __future__ import annotations

from abc import abstractmethod

from rufflang.bytecode.chunk import ASYNC, GENERATOR, PLAIN, Chunk, EnumConstant, StructConstant
from rufflang.bytecode.compiler_patterns import PatternCompiler
from rufflang.bytecode.scopes import CodeNode, FunctionInfo
from rufflang.syntax import ast
from rufflang.syntax.spans import Span

LAMBDA = "<lambda>"


class FunctionValueCompiler(PatternCompiler):
    """Compiles the parts of a program that define functions."""

    @abstractmethod
    def compile_chunk(self, node: CodeNode, function: FunctionInfo, chunk: Chunk) -> Chunk:
        """Compiles the body of a function (or a field default) into `chunk`."""

    def function_expression(self, node: ast.Function, destination: int, store: bool) -> None:
        """`func(…) { … }` as an expression."""
        self.closure(node, destination, node.name or LAMBDA)

    def closure(self, node: ast.Function, destination: int, name: str, is_method: bool = False) -> None:
        """Emits code that makes the function value of `node`."""
        function = self.resolution.functions[id(node)]
        count = len(node.parameters) + (function.receiver is not None)
        kind = GENERATOR if node.is_generator else ASYNC if node.is_async else PLAIN
        chunk = Chunk(
            name, count, has_receiver=is_method, declared_name=node.name, span=node.span, kind=kind
        )
        self._make_function(node, function, chunk, destination)

    def _make_function(
        self, node: CodeNode, function: FunctionInfo, chunk: Chunk, destination: int
    ) -> None:
        chunk = self.compile_chunk(node, function, chunk)
        chunk.captures = [self.location(variable) for variable in function.captures]
        self.emit_wide(node.span, "MAKE_FUNCTION", destination, self.constant(chunk, node.span))

    def yield_item(self, node: ast.Yield, destination: int, store: bool) -> None:
        """`yield`, `yield value`: suspends the generator; the expression itself is null."""
        top = self.top
        if node.value is None:
            item = self.temporary()
            self.emit(node.span, "LOAD_NULL", item)
        else:
            item = self.stored_operand(node.value)
        self.emit(node.span, "YIELD", item, self.generator)
        self.top = top
        self.emit(node.span, "LOAD_NULL", destination)

    def spawn(self, node: ast.SpawnExpression, destination: int, store: bool) -> None:
        """`spawn { … }`: a closure like any other, which runs elsewhere; its value is null."""
        closure = self.temporary()
        self._make_function(node, self.resolution.functions[id(node)], Chunk("", span=node.span), closure)
        self.emit(node.span, "SPAWN", closure)
        self.emit(node.span, "LOAD_NULL", destination)

    def await_promise(self, node: ast.Await, destination: int, store: bool) -> None:
        """`await promise`: whatever else is running may run meanwhile."""
        self.emit(node.span, "AWAIT", destination, self.stored_operand(node.operand))

    def declare_function(self, node: ast.FunctionDeclaration) -> None:
        """`func name(…) { … }`."""
        binding = self.resolution.bindings[id(node)][0]
        register = self.direct_register(binding)
        if register is not None:
            self.closure(node.function, register, str(node.function.name))
            return
        register = self.temporary()
        self.closure(node.function, register, str(node.function.name))
        self.bind(binding, register, node.span)

    def declare_struct(self, node: ast.StructDeclaration) -> None:
        """`struct Name { … }`."""
        definition = self.temporary()
        first = self.top
        for method in node.methods:
            self.closure(method, self.temporary(), f"{node.name}.{method.name}", is_method=True)
        defaults = [field for field in node.fields if field.default is not None]
        for field in defaults:
            chunk = Chunk(f"{node.name}.{field.name}", span=field.span)
            self._make_function(field, self.resolution.functions[id(field)], chunk, self.temporary())
        constant = StructConstant(
            node.name,
            tuple(field.name for field in node.fields),
            tuple(field.name for field in defaults),
            tuple(str(method.name) for method in node.methods),
        )
        index = self.constant(constant, node.span)
        self.emit(node.span, "MAKE_STRUCT", definition, index, first if self.top > first else definition)
        self._bind_definition(node, definition, node.span)

    def declare_enum(self, node: ast.EnumDeclaration) -> None:
        """`enum Name { … }`."""
        definition = self.temporary()
        index = self.constant(EnumConstant(node.name, node.variants), node.span)
        self.emit(node.span, "MAKE_ENUM", definition, index)
        self._bind_definition(node, definition, node.span)

    def _bind_definition(self, node: ast.Statement, definition: int, span: Span) -> None:
        self.bind(self.resolution.bindings[id(node)][0], definition, span)
