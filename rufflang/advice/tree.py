"""Finding things in the tree of a program that has failed: what is at a place, and what is visible there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rufflang.records import Record, field_names
from rufflang.syntax import Source, Span, ast

_LINE_END = re.compile(r"\r\n|\r|\n")


def offset_of(source: Source, line: int, column: int) -> int:
    """The offset of the character at a line and column."""
    start = 0
    for _ in range(line - 1):
        found = _LINE_END.search(source.text, start)
        if found is None:
            break
        start = found.end()
    return start + column - 1


def children(node: object) -> Iterator[Record]:
    """The nodes directly inside a node."""
    parts = node if isinstance(node, tuple) else [getattr(node, name) for name in field_names(node)]
    for part in parts:
        if isinstance(part, tuple):
            yield from children(part)
        elif isinstance(part, Record) and hasattr(part, "span"):
            yield part


def every(node: Record) -> Iterator[Record]:
    """A node and everything inside it."""
    pending = [node]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(reversed(list(children(node))))


def path_to(program: ast.Program, offset: int) -> list[Record]:
    """The nodes around a place, outermost first."""
    path: list[Record] = [program]
    while True:
        inner = [child for child in children(path[-1]) if _covers(child, offset)]
        if not inner:
            return path
        path.append(inner[0])


def _covers(node: Record, offset: int) -> bool:
    return span_of(node).start <= offset < span_of(node).end


def is_place(node: object) -> bool:
    """Whether an expression can stand on the left of an assignment."""
    while isinstance(node, (ast.Member, ast.Index)) and not (isinstance(node, ast.Member) and node.optional):
        node = node.base
    return isinstance(node, ast.Name)


def wrong_part(node: Record, message: str) -> Span | None:
    """The part of a failed expression or statement that a message is about; None for all of it."""
    if message.startswith(("Missing map key: ", "Index out of bounds: ")):
        node = node.target if isinstance(node, ast.Assign) else node
        return span_of(node.index) if isinstance(node, ast.Index) else None
    if message.startswith(("Field not found: ", "Unknown method: ", "Cannot access field or method ")):
        return node.name_span if isinstance(node, ast.Member | ast.MethodCall) else None
    if message.startswith("Cannot iterate over "):
        return span_of(node.iterable) if isinstance(node, ast.For) else None
    if message.startswith("Cannot destructure "):
        return span_of(node.value) if isinstance(node, ast.Declare | ast.Destructure) else None
    if message.startswith("Cannot call non-function"):
        return span_of(node.callee) if isinstance(node, ast.Call) else None
    if message == "Cannot set field on non-struct value":
        target = node.target if isinstance(node, ast.Assign) else None
        return span_of(target.base) if isinstance(target, ast.Member) else None
    if message == "Dict keys must be strings":
        return span_of(node.key) if isinstance(node, ast.DictEntry) else None
    if message.startswith(("Invalid index assignment", "Cannot reassign ", "Cannot mutate ", "Undefined variable: ")):
        return span_of(node.target) if isinstance(node, ast.Assign) else None
    return None


def span_of(node: Record) -> Span:
    """Where a node stands."""
    span: Span = node.span  # type: ignore[attr-defined]
    return span


def visible_names(path: list[Record]) -> list[str]:
    """The names that can be used at the end of a path, innermost first."""
    names: list[str] = []
    for node in reversed(path):
        names.extend(_bound_by(node))
    return names


def _bound_by(node: Record) -> Iterator[str]:
    if isinstance(node, ast.Program | ast.Block):
        for statement in node.statements:
            yield from _declared(statement)
    elif isinstance(node, ast.Function):
        yield from (parameter.name for parameter in node.parameters)
        yield from [node.name] if node.name else []
    elif isinstance(node, ast.For):
        yield from _in_pattern(node.pattern)
    elif isinstance(node, ast.CaseArm) and isinstance(node.pattern, ast.NameCase):
        yield from (name for name in node.pattern.bindings or () if name is not None)
    elif isinstance(node, ast.Try):
        yield from [node.error_name] if node.error_name else []
    elif isinstance(node, ast.StructDeclaration):
        yield from (part.name for part in node.fields)


def _declared(statement: Record) -> Iterator[str]:
    if isinstance(statement, ast.Declare | ast.Destructure):
        yield from _in_pattern(statement.pattern)
    elif isinstance(statement, ast.Assign) and isinstance(statement.target, ast.Name):
        yield statement.target.name
    elif isinstance(statement, ast.FunctionDeclaration):
        yield from [statement.function.name] if statement.function.name else []
    elif isinstance(statement, ast.StructDeclaration | ast.EnumDeclaration):
        yield statement.name
    elif isinstance(statement, ast.Import):
        yield from (statement.module, *(statement.names or ()))
    elif isinstance(statement, ast.Export):
        yield from _declared(statement.statement)


def _in_pattern(pattern: Record) -> Iterator[str]:
    if isinstance(pattern, ast.NamePattern):
        yield pattern.name
    elif isinstance(pattern, ast.ArrayPattern):
        for element in pattern.elements:
            yield from _in_pattern(element)
        yield from [pattern.rest] if pattern.rest else []
    elif isinstance(pattern, ast.DictPattern):
        yield from pattern.keys
        yield from [pattern.rest] if pattern.rest else []
