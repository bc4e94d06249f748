"""The parser: from tokens to the tree, with every parse error of the text.

`parse` is the way in; the modules beside this one are layers of one recursive-descent
parser, from the cursor over the tokens (`cursor`) up to statements (`statements`).
"""

from __future__ import annotations

from rufflang.source import MAXIMUM_SOURCE_BYTES, Source, oversize_message
from rufflang.syntax.ast import Program
from rufflang.syntax.diagnostics import Diagnostic, parser_error
from rufflang.syntax.lexer import lex
from rufflang.syntax.parser.statements import StatementParser
from rufflang.syntax.recursion import deep_recursion
from rufflang.syntax.spans import Span
from rufflang.syntax.tokens import Token


class ParseResult:
    """What parsing gave.

    `program` is the tree, or None if there was any diagnostic; `partial` is what could be
    understood even so, for editors (None only after lexical errors).
    """

    __slots__ = ("diagnostics", "partial", "program")

    def __init__(self, diagnostics: list[Diagnostic], partial: Program | None) -> None:
        self.diagnostics = diagnostics
        self.partial = partial
        self.program = None if diagnostics else partial


def parse(source: Source) -> ParseResult:
    """Parses a whole file.

    Args:
        source: any text at all.

    Returns:
        The tree, or the diagnostics: of the lexer if it has any, else of the parser.
        The static checks are not included; see `check_program`.
    """
    too_large = source_size_error(source)
    if too_large is not None:
        return ParseResult([too_large], None)
    tokens, diagnostics = lex(source)
    if diagnostics:
        return ParseResult(diagnostics, None)
    with deep_recursion:
        return parse_tokens(source, tokens)


def source_size_error(source: Source) -> Diagnostic | None:
    """The complaint about a text of too many bytes, if it is one."""
    if len(source.text) * 4 <= MAXIMUM_SOURCE_BYTES:
        return None
    size = len(source.text.encode("utf-8", "surrogatepass"))
    if size <= MAXIMUM_SOURCE_BYTES:
        return None
    return parser_error(oversize_message(size), Span(0, 0, 1, 1))


def parse_tokens(source: Source, tokens: list[Token]) -> ParseResult:
    """Parses tokens that came without lexical errors."""
    parser = StatementParser(tokens)
    statements = parser.top_level()
    program = Program(Span(0, len(source.text), 1, 1), statements)
    return ParseResult(parser.diagnostics, program)
