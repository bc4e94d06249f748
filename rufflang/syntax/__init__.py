"""The syntax of Ruff: from text to a checked tree.

    source = Source("demo.ruff", text)
    result = parse(source)
    errors = result.diagnostics or check_program(result.program)
    for error in errors:
        print(render(error, source))

The nodes of the tree are in `rufflang.syntax.ast`.
"""

from rufflang.syntax.checks import check_program
from rufflang.syntax.diagnostics import Diagnostic, render, to_json_object
from rufflang.syntax.lexer import lex
from rufflang.syntax.parser import ParseResult, parse
from rufflang.syntax.spans import Source, Span
from rufflang.syntax.tokens import Token

__all__ = [
    "Diagnostic",
    "ParseResult",
    "Source",
    "Span",
    "Token",
    "check_program",
    "lex",
    "parse",
    "render",
    "to_json_object",
]
