"""The syntax of Ruff: from text to a checked tree.

    source = Source("demo.ruff", text)
    result = parse(source)
    errors = result.diagnostics or check_program(result.program)
    for error in errors:
        print(render(error, source))

The nodes of the tree are in `rufflang.syntax.ast`.  What is named here is imported when it is first
asked for, since whoever needs only a part, such as places in a text, must not pay for the parser.
"""

from rufflang.source import Source

# Type checkers take this for true; importing `typing` to say so would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.syntax.checks import check_program
    from rufflang.syntax.diagnostics import Diagnostic, render, to_json_object
    from rufflang.syntax.lexer import lex
    from rufflang.syntax.parser import ParseResult, parse
    from rufflang.syntax.spans import Span
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

_HOMES = {
    "Diagnostic": "diagnostics",
    "ParseResult": "parser",
    "Source": "source",
    "Span": "spans",
    "Token": "tokens",
    "check_program": "checks",
    "lex": "lexer",
    "parse": "parser",
    "render": "diagnostics",
    "to_json_object": "diagnostics",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # `importlib` would take longer to import than many of these modules.
    home = __import__(f"{__name__}.{_HOMES[name]}", fromlist=[name])
    value: object = getattr(home, name)
    globals()[name] = value
    return value
