"""Parsing declarations: functions, structs, enums, imports, exports."""

from __future__ import annotations

from abc import abstractmethod

from rufflang.syntax.ast import (
    EnumDeclaration,
    Export,
    Function,
    FunctionDeclaration,
    Import,
    Statement,
    StructDeclaration,
    StructField,
)
from rufflang.syntax.parser.expressions import ExpressionParser
from rufflang.syntax.tokens import IDENTIFIER


class DeclarationParser(ExpressionParser):
    """Adds the declarations of section 2.2."""

    @abstractmethod
    def statement(self) -> Statement:
        """Any statement."""

    def named_function(self) -> Function:
        """`func name(…) { … }`, possibly `async` or `func*`; also a method."""
        first, is_async = self.function_start()
        is_generator = self.accept("*")
        name = self.expect_name("Expected function name after 'func'")
        self.expect("(", "after function name")
        return self.function_rest(first, name, is_async, is_generator)

    def function_declaration(self) -> Statement:
        function = self.named_function()
        return FunctionDeclaration(function.span, function)

    def struct_declaration(self) -> Statement:
        """`struct Name { fields and methods }`."""
        first = self.advance()
        name = self.expect_name("Expected struct name after 'struct'")
        self.expect("{", "to start struct body")
        fields: list[StructField] = []
        methods: list[Function] = []
        while True:
            kind = self.token.kind
            if kind == IDENTIFIER:
                fields.append(self.struct_field())
            elif kind in ("func", "async"):
                methods.append(self.named_function())
            elif kind in (",", ";"):
                self.advance()
            else:
                break
        self.expect("}", "to close struct body")
        return StructDeclaration(self.since(first), name, tuple(fields), tuple(methods))

    def struct_field(self) -> StructField:
        """`name: type = default`."""
        first = self.advance()
        annotation = self.optional_annotation()
        default = self.expression() if self.accept("=") else None
        return StructField(self.since(first), first.value, annotation, default)

    def enum_declaration(self) -> Statement:
        """`enum Name { A, B }`."""
        first = self.advance()
        name = self.expect_name("Expected enum name after 'enum'")
        self.expect("{", "to start enum body")
        variants: list[str] = []
        while self.token.kind == IDENTIFIER:
            variants.append(self.advance().value)
            if not self.accept(","):
                break
        self.expect("}", "to close enum body")
        return EnumDeclaration(self.since(first), name, tuple(variants))

    # ------------------------------------------------------------------------ modules

    def import_statement(self) -> Statement:
        """`import module`."""
        first = self.advance()
        module = self.expect_name("Expected module name after 'import'")
        return Import(self.since(first), module, None)

    def from_import_statement(self) -> Statement:
        """`from a.b import c, d`."""
        first = self.advance()
        path = [self.expect_name("Expected module name after 'from'")]
        while self.accept("."):
            path.append(self.expect_name("Expected module path segment after '.' in from-import statement"))
        if self.token.kind != "import":
            self.fail_found("'import' after module name in from-import statement")
        self.advance()
        names = [self.expect_name("Expected imported symbol name")]
        while self.accept(","):
            names.append(self.expect_name("Expected imported symbol name"))
        return Import(self.since(first), ".".join(path), tuple(names))

    def export_statement(self) -> Statement:
        """`export statement`; repeating the word adds nothing."""
        first = self.advance()
        while self.accept("export"):
            pass
        statement = self.statement()
        return Export(self.since(first), statement)
