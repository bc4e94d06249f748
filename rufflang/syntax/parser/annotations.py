"""Parsing type annotations: `int`, `Dict<string, int[]>?`, `Result<T, E>`."""

from __future__ import annotations

from rufflang.syntax.ast import TypeExpression
from rufflang.syntax.parser.cursor import Cursor
from rufflang.syntax.tokens import IDENTIFIER

TYPE_WORDS = frozenset(["int", "float", "string", "bool", "null"])

# The built-in types whose number of arguments is fixed, with their form in messages.
FIXED_ARGUMENTS = {"Result": (2, "Result<T, E>"), "Option": (1, "Option<T>")}


class AnnotationParser(Cursor):
    """Adds the grammar of section 2.6."""

    def optional_annotation(self) -> TypeExpression | None:
        """`: type`, if there is one."""
        return self.type_expression() if self.accept(":") else None

    def type_expression(self) -> TypeExpression:
        """A type."""
        first = self.token
        if first.kind != IDENTIFIER and first.kind not in TYPE_WORDS:
            self.fail_after("Expected type name")
        self.enter_other("type annotation")
        self.advance()
        name = first.value if first.kind == IDENTIFIER else first.kind
        arguments: tuple[TypeExpression, ...] = ()
        if name in FIXED_ARGUMENTS:
            arguments = self.fixed_arguments(*FIXED_ARGUMENTS[name])
        suffixes: list[str] = []
        while True:
            kind = self.token.kind
            if kind == "?":
                self.advance()
                suffixes.append("?")
            elif kind == "[" and not self.token.starts_anew:
                self.advance()
                self.expect("]", "to close array type annotation")
                suffixes.append("[]")
            elif kind == "<" and not arguments:
                arguments = self.free_arguments(name)
            else:
                break
        self.other_depth -= 1
        return TypeExpression(self.since(first), name, arguments, tuple(suffixes))

    def fixed_arguments(self, count: int, form: str) -> tuple[TypeExpression, ...]:
        """The `<…>` of a type that must have exactly `count` arguments."""
        self.expect_in_form("<", form)
        arguments = [self.type_expression()]
        while len(arguments) < count:
            self.expect_in_form(",", form)
            arguments.append(self.type_expression())
        self.expect_in_form(">", form)
        return tuple(arguments)

    def free_arguments(self, name: str) -> tuple[TypeExpression, ...]:
        """The `<…>` of any other type."""
        self.advance()
        arguments = [self.type_expression()]
        while self.accept(","):
            arguments.append(self.type_expression())
        self.expect_in_form(">", f"{name}<...>")
        return tuple(arguments)

    def expect_in_form(self, kind: str, form: str) -> None:
        """Consumes one of the signs of a type such as `Option<T>`."""
        if self.token.kind != kind:
            self.fail(f"Expected '{kind}' in {form} type annotation")
        self.advance()
