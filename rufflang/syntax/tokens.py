"""Tokens: what the lexer hands to the parser, and to tools that work on text.

A token's `kind` is its own text for keywords, operators and punctuation, so that the
parser reads like the grammar (`kind == "while"`); the kinds that stand for many texts
are the upper-case names below, which no text of the language can equal.
"""

from __future__ import annotations

from rufflang.syntax.spans import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

IDENTIFIER = "IDENTIFIER"
INT = "INT"
FLOAT = "FLOAT"
STRING = "STRING"
INTERPOLATED = "INTERPOLATED"
END = "END"

KEYWORDS = frozenset([
    "let", "mut", "const", "func", "return", "enum", "match", "case", "default", "if", "else",
    "loop", "while", "for", "in", "break", "continue", "try", "except", "int", "float", "string",
    "bool", "import", "export", "from", "struct", "impl", "self", "null", "spawn", "test",
    "test_setup", "test_teardown", "test_group", "yield", "async", "await", "true", "false",
])  # fmt: skip

PUNCTUATION = frozenset("(){}[],;:.")

OPERATORS = frozenset([
    "...", ":=", "::", "==", "!=", "<=", ">=", "+=", "-=", "*=", "/=", "%=", "->", "??", "?.",
    "||", "|>", "&&", "+", "-", "*", "/", "%", "<", ">", "=", "!", "?", "|", "&",
])  # fmt: skip

# One shared string per fixed kind, so that comparing kinds is comparing identities.
FIXED_KINDS = {text: text for text in (*sorted(KEYWORDS), *sorted(PUNCTUATION), *sorted(OPERATORS))}


class Token:
    """One token.

    `value` depends on the kind: the name, the number, the text of a plain string, and
    for an interpolated string a list of its parts in order: each a `str`, or a
    `list[Token]` ending in an `END` token that stands on the closing brace.
    `first_on_line` says that no token precedes it on its line; `starts_anew` marks a
    bracket that for this reason never continues an expression (rule N1).  `partner` is
    the index, in the same list, of the bracket closing this one (0 when there is none).
    """

    __slots__ = ("column", "end", "first_on_line", "kind", "line", "partner", "start", "starts_anew", "value")

    def __init__(
        self, kind: str, value: Any, start: int, end: int, line: int, column: int, first_on_line: bool
    ) -> None:
        self.kind = kind
        self.value = value
        self.start = start
        self.end = end
        self.line = line
        self.column = column
        self.first_on_line = first_on_line
        self.starts_anew = False
        self.partner = 0

    @property
    def span(self) -> Span:
        """The place of the token."""
        return Span(self.start, self.end, self.line, self.column)

    def __repr__(self) -> str:
        return f"<{describe(self)} at {self.line}:{self.column}>"


def describe(token: Token) -> str:
    """The token as diagnostics show it, such as `Identifier("x")` or `Punctuation('}')`."""
    kind = token.kind
    if kind == IDENTIFIER:
        return f'Identifier("{token.value}")'
    if kind == INT:
        return f"Int({token.value})"
    if kind == FLOAT:
        return f"Float({token.value!r})"
    if kind == STRING:
        return f'String("{escaped(token.value)}")'
    if kind == INTERPOLATED:
        return "InterpolatedString([..])"
    if kind == END:
        return "Eof"
    if kind in ("true", "false"):
        return f"Bool({kind})"
    if kind in KEYWORDS:
        return f'Keyword("{kind}")'
    if kind in PUNCTUATION:
        return f"Punctuation('{kind}')"
    return f'Operator("{kind}")'


def escaped(text: str) -> str:
    """`text` with the characters that would break a one-line message written as escapes."""
    for char, escape in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        text = text.replace(char, escape)
    return text
