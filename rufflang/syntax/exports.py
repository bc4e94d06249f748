"""Which names a module exports: its text alone says so, whatever happens when it runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rufflang.syntax import ast

DISCARD = "_"


def exported_names(program: ast.Program) -> tuple[str, ...]:
    """The names that a file's `export` statements mark, each once, in order."""
    names: dict[str, None] = {}
    for statement in program.statements:
        if isinstance(statement, ast.Export):
            names.update(dict.fromkeys(defined_names(bare(statement))))
    return tuple(names)


def executed_statements(program: ast.Program) -> Iterator[ast.Statement]:
    """What the top level of a file runs; `export name` only marks a name, which may be bound later."""
    for statement in program.statements:
        inner = bare(statement)
        if inner is statement or not _is_name(inner):
            yield inner


def _is_name(statement: ast.Statement) -> bool:
    return isinstance(statement, ast.ExpressionStatement) and isinstance(statement.value, ast.Name)


def bare(statement: ast.Statement) -> ast.Statement:
    """The statement itself, without `export`."""
    while isinstance(statement, ast.Export):
        statement = statement.statement
    return statement


def defined_names(statement: ast.Statement) -> Iterable[str]:
    """The names that `export` in front of a statement would mark."""
    if isinstance(statement, (ast.Declare, ast.Destructure)):
        return pattern_names(statement.pattern)
    if isinstance(statement, ast.FunctionDeclaration):
        return [str(statement.function.name)]
    if isinstance(statement, (ast.StructDeclaration, ast.EnumDeclaration)):
        return [statement.name]
    if isinstance(statement, ast.Assign) and isinstance(statement.target, ast.Name):
        return [statement.target.name]
    if isinstance(statement, ast.ExpressionStatement) and isinstance(statement.value, ast.Name):
        return [statement.value.name]
    return []


def pattern_names(pattern: ast.Pattern) -> list[str]:
    """The names that a destructuring pattern binds, in order."""
    if isinstance(pattern, ast.NamePattern):
        return [pattern.name]
    names: list[str] = []
    if isinstance(pattern, ast.ArrayPattern):
        for element in pattern.elements:
            names += pattern_names(element)
    elif isinstance(pattern, ast.DictPattern):
        names += [key for key in pattern.keys if key != DISCARD]
    if isinstance(pattern, (ast.ArrayPattern, ast.DictPattern)) and pattern.rest not in (None, DISCARD):
        names.append(str(pattern.rest))
    return names
