"""Parsing patterns: what `let`, `for` and destructuring bind, and what `case` matches."""

from __future__ import annotations

from rufflang.syntax.ast import (
    ArrayPattern,
    CasePattern,
    DictPattern,
    DiscardPattern,
    LiteralCase,
    NameCase,
    NamePattern,
    Pattern,
    WildcardCase,
)
from rufflang.syntax.parser.annotations import AnnotationParser
from rufflang.syntax.tokens import FLOAT, IDENTIFIER, INT, STRING

CONSTANT_WORDS = {"true": True, "false": False, "null": None}


class PatternParser(AnnotationParser):
    """Adds the grammar of section 2.3."""

    def optional_pattern(self) -> Pattern | None:
        """A binding pattern, if one starts here."""
        kind = self.token.kind
        if kind == IDENTIFIER:
            token = self.advance()
            if token.value == "_":
                return DiscardPattern(token.span)
            return NamePattern(token.span, token.value)
        if kind == "[":
            return self.array_pattern()
        if kind == "{":
            return self.dict_pattern()
        return None

    def array_pattern(self) -> ArrayPattern:
        """`[a, [b, _], ...rest]`."""
        first = self.advance()
        self.enter_other("array pattern")
        elements: list[Pattern] = []
        while (element := self.optional_pattern()) is not None:
            elements.append(element)
            if not self.accept(","):
                break
        rest = self.optional_rest(not elements or self.follows_comma())
        self.expect("]", "to close array pattern")
        self.other_depth -= 1
        return ArrayPattern(self.since(first), tuple(elements), rest)

    def dict_pattern(self) -> DictPattern:
        """`{a, b, ...rest}`."""
        first = self.advance()
        keys: list[str] = []
        while self.token.kind == IDENTIFIER:
            keys.append(self.advance().value)
            if not self.accept(","):
                break
        rest = self.optional_rest(not keys or self.follows_comma())
        self.expect("}", "to close dictionary pattern")
        return DictPattern(self.since(first), tuple(keys), rest)

    def follows_comma(self) -> bool:
        """Whether the token before the current one is a comma."""
        return self.tokens[self.index - 1].kind == ","

    def optional_rest(self, allowed: bool) -> str | None:
        """`...name`, if it stands here and may."""
        if not allowed or self.token.kind != "..." or self.tokens[self.index + 1].kind != IDENTIFIER:
            return None
        self.advance()
        name: str = self.advance().value
        self.accept(",")
        return name

    # --------------------------------------------------------------------- `case` arms

    def case_pattern(self) -> CasePattern:
        """What stands after `case`."""
        token = self.token
        kind = token.kind
        if kind == IDENTIFIER:
            return self.named_case()
        if kind in CONSTANT_WORDS:
            self.advance()
            return LiteralCase(token.span, CONSTANT_WORDS[kind])
        if kind in (INT, FLOAT, STRING):
            self.advance()
            return LiteralCase(token.span, token.value)
        if kind == "-" and self.tokens[self.index + 1].kind in (INT, FLOAT):
            self.advance()
            value = -self.advance().value
            return LiteralCase(self.since(token), value)
        self.fail("Expected case pattern")

    def named_case(self) -> CasePattern:
        """`_`, `Name`, `Name(a, b)`, `Enum::Name(a)`."""
        first = self.advance()
        enum: str | None = None
        name: str = first.value
        if self.accept("::"):
            if self.token.kind != IDENTIFIER:
                self.fail("Expected case pattern")
            enum, name = name, self.advance().value
        elif name == "_":
            return WildcardCase(first.span)
        bindings = self.case_bindings() if self.token.kind == "(" else None
        return NameCase(self.since(first), enum, name, bindings)

    def case_bindings(self) -> tuple[str | None, ...]:
        """`(a, _)`; None stands for `_`."""
        self.advance()
        bindings: list[str | None] = []
        while self.token.kind == IDENTIFIER:
            name: str = self.advance().value
            bindings.append(None if name == "_" else name)
            if self.token.kind != "," or self.tokens[self.index + 1].kind != IDENTIFIER:
                break
            self.advance()
        self.expect(")", "to close case pattern")
        return tuple(bindings)
