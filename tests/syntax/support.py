"""Helpers of the syntax tests: complaints with their places, and trees as short text."""

from __future__ import annotations

from rufflang.syntax import Source, ast, check_program, lex, parse

Complaint = tuple[str, int, int]


def complaints(text: str) -> list[Complaint]:
    """What the parser (or, before it, the lexer) says about `text`: messages with line and column."""
    return [
        (each.message, each.span.line, each.span.column)
        for each in parse(Source("test.ruff", text)).diagnostics
        if each.span is not None
    ]


def first_complaint(text: str) -> Complaint:
    found = complaints(text)
    assert found, f"nothing wrong found in {text!r}"
    return found[0]


def static_complaints(text: str) -> list[Complaint]:
    """What the static checks say about `text`, without their common prefix."""
    return [
        (each.message.removeprefix("Compilation error: "), each.span.line, each.span.column)
        for each in check_program(program(text))
        if each.span is not None
    ]


def program(text: str) -> ast.Program:
    result = parse(Source("test.ruff", text))
    assert result.program is not None, result.diagnostics
    return result.program


def statement(text: str) -> ast.Statement:
    """The only statement of `text`."""
    (only,) = program(text).statements
    return only


def expression(text: str) -> ast.Expression:
    """The expression that `text` is."""
    only = statement(text)
    assert isinstance(only, ast.ExpressionStatement)
    return only.value


def kinds(text: str) -> list[str]:
    """The kinds of the tokens of `text`, without the end."""
    return [token.kind for token in lex(Source("test.ruff", text))[0]][:-1]


def sketch(node: object) -> str:
    """A tree as text: nodes as `Kind(fields)` without spans, operators as `(left op right)`."""
    if isinstance(node, ast.Name):
        return node.name
    if isinstance(node, (ast.IntLiteral, ast.FloatLiteral, ast.StringLiteral, ast.BoolLiteral)):
        return repr(node.value)
    if isinstance(node, (ast.Binary, ast.Logical)):
        return f"({sketch(node.left)} {node.op} {sketch(node.right)})"
    if isinstance(node, ast.ExpressionStatement):
        return sketch(node.value)
    if isinstance(node, ast.Block):
        return "{" + "; ".join(sketch(each) for each in node.statements) + "}"
    if isinstance(node, tuple):
        return "[" + ", ".join(sketch(each) for each in node) + "]"
    names = getattr(node, "__match_args__", None)
    if names is None:
        return repr(node)
    fields = [name for name in names if not name.endswith("span")]
    return f"{type(node).__name__}({', '.join(sketch(getattr(node, name)) for name in fields)})"


def sketches(text: str) -> list[str]:
    """The statements of `text`, sketched."""
    return [sketch(each) for each in program(text).statements]
