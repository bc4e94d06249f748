"""Parsing literals: numbers, strings with interpolations, arrays, dicts and structs."""

from __future__ import annotations

from abc import abstractmethod

from rufflang.syntax.ast import (
    ArrayLiteral,
    Block,
    BoolLiteral,
    DictEntry,
    DictLiteral,
    Expression,
    FieldInit,
    FloatLiteral,
    InterpolatedString,
    IntLiteral,
    NullLiteral,
    Spread,
    StringLiteral,
    StructLiteral,
)
from rufflang.syntax.parser.cursor import Unparsable
from rufflang.syntax.parser.patterns import PatternParser
from rufflang.syntax.tokens import END, IDENTIFIER, Token

MAXIMUM_ELEMENTS = 4096


class LiteralParser(PatternParser):
    """Adds literals; what stands inside them comes from the layers above."""

    @abstractmethod
    def expression(self) -> Expression:
        """An expression, one nesting level deeper."""

    @abstractmethod
    def uncounted_expression(self) -> Expression:
        """An expression on the nesting level of what it stands in."""

    @abstractmethod
    def block(self, body: str) -> Block:
        """`{ … }`, named `body` in messages."""

    # ----------------------------------------------------------------------- scalars

    def int_literal(self) -> Expression:
        token = self.advance()
        return IntLiteral(token.span, token.value)

    def float_literal(self) -> Expression:
        token = self.advance()
        return FloatLiteral(token.span, token.value)

    def string_literal(self) -> Expression:
        token = self.advance()
        return StringLiteral(token.span, token.value)

    def bool_literal(self) -> Expression:
        token = self.advance()
        return BoolLiteral(token.span, token.kind == "true")

    def null_literal(self) -> Expression:
        return NullLiteral(self.advance().span)

    # ----------------------------------------------------------------- interpolation

    def interpolated_string(self) -> Expression:
        """A string with at least one `${…}`."""
        token = self.advance()
        parts: list[str | Expression] = []
        for part in token.value:
            if isinstance(part, str):
                parts.append(part)
            else:
                value = self.interpolation(part)
                if value is not None:
                    parts.append(value)
        return InterpolatedString(token.span, tuple(parts))

    def interpolation(self, tokens: list[Token]) -> Expression | None:
        """The one expression in a `${…}`; None after complaints, from which only this part suffers."""
        position = self.tokens, self.index, self.token, self.last_end
        state = self.expression_depth, self.block_depth, self.other_depth, self.in_header
        self.tokens, self.index, self.token, self.in_header = tokens, 0, tokens[0], False
        try:
            value = None
            if self.token.kind != END:
                value = self.expression()
            if value is None or self.token.kind != END:
                self.fail("Invalid interpolated string expression")
            return value
        except Unparsable:
            return None
        finally:
            self.tokens, self.index, self.token, self.last_end = position
            self.expression_depth, self.block_depth, self.other_depth, self.in_header = state

    # ------------------------------------------------------------------- collections

    def array_literal(self) -> Expression:
        """`[1, ...xs]`."""
        self.enter_expression("array literal")
        in_header, self.in_header = self.in_header, False
        first = self.advance()
        elements: list[Expression | Spread] = []
        while self.token.kind not in ("]", END):
            if len(elements) == MAXIMUM_ELEMENTS:
                self.report(f"Array literal exceeds maximum element count of {MAXIMUM_ELEMENTS}")
                self.jump_to_close(first)
                break
            elements.append(self.spread() if self.token.kind == "..." else self.uncounted_expression())
            if not self.accept(","):
                break
        self.expect("]", "to close array literal")
        self.in_header = in_header
        self.expression_depth -= 1
        return ArrayLiteral(self.since(first), tuple(elements))

    def spread(self) -> Spread:
        """`...value`."""
        first = self.advance()
        value = self.uncounted_expression()
        return Spread(self.since(first), value)

    def dict_literal(self) -> Expression:
        """`{"a": 1, ...d}`."""
        self.enter_expression("dictionary literal")
        in_header, self.in_header = self.in_header, False
        first = self.advance()
        entries: list[DictEntry | Spread] = []
        while self.token.kind not in ("}", END):
            if len(entries) == MAXIMUM_ELEMENTS:
                self.report(f"Dictionary literal exceeds maximum item count of {MAXIMUM_ELEMENTS}")
                self.jump_to_close(first)
                break
            entries.append(self.spread() if self.token.kind == "..." else self.dict_entry())
            if not self.accept(","):
                break
        self.expect("}", "to close dictionary literal")
        self.in_header = in_header
        self.expression_depth -= 1
        return DictLiteral(self.since(first), tuple(entries))

    def dict_entry(self) -> DictEntry:
        """`key: value`."""
        first = self.token
        key = self.uncounted_expression()
        if self.token.kind != ":":
            self.fail("Expected ':' in dictionary literal")
        self.advance()
        value = self.uncounted_expression()
        return DictEntry(self.since(first), key, value)

    # ------------------------------------------------------------------------ structs

    def struct_literal_follows(self) -> bool:
        """Whether the current token is the brace of a struct literal whose name was just read."""
        brace = self.token
        if brace.kind != "{" or brace.starts_anew:
            return False
        inside = self.tokens[self.index + 1]
        if inside.kind == "}":
            return not self.in_header
        return inside.kind == IDENTIFIER and self.tokens[self.index + 2].kind == ":"

    def struct_literal(self, name: Token) -> Expression:
        """`Name { field: value }`; the name was just read."""
        self.enter_other("struct literal")
        in_header, self.in_header = self.in_header, False
        self.advance()
        fields: list[FieldInit] = []
        while self.token.kind == IDENTIFIER and self.tokens[self.index + 1].kind == ":":
            first = self.advance()
            self.advance()
            value = self.uncounted_expression()
            fields.append(FieldInit(self.since(first), first.value, value))
            if not self.accept(","):
                break
        self.expect("}", "to close struct literal")
        self.in_header = in_header
        self.other_depth -= 1
        return StructLiteral(self.since(name), name.value, tuple(fields))
