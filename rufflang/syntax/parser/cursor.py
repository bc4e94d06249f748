"""The parser's hands: the current token, the complaints so far, and the nesting limits.

The parser is one object made of layers, each adding the methods for a part of the
grammar: `Cursor` here, then annotations, patterns, literals, expressions, declarations
and statements.  A method that cannot go on records its complaint and raises `Unparsable`;
the statement list or interpolation around it catches that and finds a place to go on.
"""

from __future__ import annotations

from rufflang.syntax.diagnostics import Diagnostic, parser_error
from rufflang.syntax.spans import Span
from rufflang.syntax.tokens import END, FLOAT, IDENTIFIER, INT, INTERPOLATED, STRING, Token, describe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

MAXIMUM_EXPRESSION_DEPTH = 256
MAXIMUM_BLOCK_DEPTH = 128

RECOVERY_WORDS = frozenset([
    "let", "mut", "const", "func", "async", "if", "for", "while", "loop", "match", "return",
    "break", "continue", "try", "test", "test_setup", "test_teardown", "test_group", "import",
    "from", "export",
])  # fmt: skip
RECOVERY_KINDS = RECOVERY_WORDS | {
    "}", "[", "{", "(", "true", "false", "null", IDENTIFIER, INT, FLOAT, STRING, INTERPOLATED, END,
}  # fmt: skip


class Unparsable(Exception):
    """Raised after a complaint was recorded, to leave the construct at hand."""


class Cursor:
    """Walks over the tokens of a file, or of one interpolation in it."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.index = 0
        self.token = tokens[0]
        # Where the token before the current one ended.
        self.last_end = 0
        self.diagnostics: list[Diagnostic] = []
        self.expression_depth = 0
        self.block_depth = 0
        # Nesting that the language does not limit by itself, but the parser's own recursion must.
        self.other_depth = 0
        # Whether `name { }` is a name and a block here, not an empty struct literal.
        self.in_header = False

    def advance(self) -> Token:
        """Steps over the current token and returns it; the end is never passed."""
        token = self.token
        if token.kind != END:
            self.index += 1
            self.last_end = token.end
            self.token = self.tokens[self.index]
        return token

    def jump_to_close(self, opener: Token) -> None:
        """Skips to the bracket that closes `opener`; gives the construct up if there is none."""
        if not opener.partner:
            raise Unparsable
        self.index = opener.partner
        self.token = self.tokens[self.index]
        self.last_end = self.tokens[self.index - 1].end

    def since(self, first: Token) -> Span:
        """The span from `first` to the token before the current one."""
        return Span(first.start, self.last_end, first.line, first.column)

    def since_span(self, first: Span) -> Span:
        """The span from the start of `first` to the token before the current one."""
        return Span(first.start, self.last_end, first.line, first.column)

    # ------------------------------------------------------------------- complaints

    def report(self, message: str) -> None:
        """Records a complaint about the current token."""
        self.diagnostics.append(parser_error(message, self.token.span))

    def fail(self, message: str) -> NoReturn:
        """Records a complaint about the current token and gives up the construct."""
        self.report(message)
        raise Unparsable

    def fail_found(self, expected: str) -> NoReturn:
        """Complains that something else than `expected` was found."""
        self.fail(f"Expected {expected} but found {describe(self.token)}")

    def fail_after(self, message: str) -> NoReturn:
        """Consumes the offending token, then complains: such messages point behind it."""
        self.advance()
        self.fail(message)

    def expect(self, kind: str, where: str) -> Token:
        """Consumes a token of `kind`, or complains with `where` saying what it was for."""
        if self.token.kind != kind:
            self.fail_found(f"'{kind}' {where}")
        return self.advance()

    def accept(self, kind: str) -> bool:
        """Consumes the current token if it is of `kind`; says whether it was."""
        if self.token.kind != kind:
            return False
        self.advance()
        return True

    def expect_name(self, message: str) -> str:
        """Consumes an identifier and returns it, or complains with `message`."""
        if self.token.kind != IDENTIFIER:
            self.fail_after(message)
        name: str = self.advance().value
        return name

    # ----------------------------------------------------------------------- limits

    def enter_expression(self, context: str) -> None:
        """Counts one level of expression nesting; the caller uncounts it."""
        self.expression_depth += 1
        if self.expression_depth > MAXIMUM_EXPRESSION_DEPTH:
            self.fail_depth(context)

    def enter_other(self, context: str) -> None:
        """Counts one level of nesting that is limited only for the parser's own sake."""
        self.other_depth += 1
        if self.other_depth > MAXIMUM_EXPRESSION_DEPTH:
            self.fail_depth(context)

    def fail_depth(self, context: str) -> NoReturn:
        """Complains about expressions nested too deeply."""
        limit = MAXIMUM_EXPRESSION_DEPTH
        self.fail(f"Maximum expression nesting depth of {limit} exceeded while parsing {context}")

    # --------------------------------------------------------------------- recovery

    def recover(self, statement_start: int) -> None:
        """Skips to where a statement may start again, at least one token past `statement_start`.

        A `;` found on the way is consumed; a `}` is left, as it may close the block.
        """
        if self.index == statement_start:
            self.advance()
        while self.token.kind not in RECOVERY_KINDS:
            if self.advance().kind == ";":
                return
