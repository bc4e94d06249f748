"""The tests of a file, each as a program of its own.

An ordinary run passes over test blocks.  The test command collects them here and lets an engine execute
one program for each: the file's declarations, then the test with the setups and teardowns around it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rufflang.syntax import ast
from rufflang.syntax.exports import bare

DECLARATIONS = (
    ast.Import,
    ast.FunctionDeclaration,
    ast.StructDeclaration,
    ast.EnumDeclaration,
    ast.Declare,
    ast.Destructure,
)

SETUP_FAILED = "Setup failed: "
"""What precedes the message of an error in a setup."""

DECLARATIONS_ENDED = "The declarations of the file ended early: '?' was applied to an Err or None"
"""The error of a test that is not reached because a `?` among the declarations ended the program."""


def collect_tests(program: ast.Program) -> list[ast.TestCase]:
    """Every test of the file in source order, those in groups included."""
    cases: list[ast.TestCase] = []
    _collect(program.statements, (), (), cases)
    return cases


def _collect(
    statements: tuple[ast.Statement, ...],
    setups: tuple[ast.Block, ...],
    teardowns: tuple[ast.Block, ...],
    cases: list[ast.TestCase],
) -> None:
    """Adds the tests of one level and those below it; the parser limits how deep groups can lie."""
    blocks = [bare(statement) for statement in statements]
    # Of several on one level the last one counts, also for tests in front of it.
    setups += tuple(block.body for block in blocks if isinstance(block, ast.TestSetup))[-1:]
    own_teardown = tuple(block.body for block in blocks if isinstance(block, ast.TestTeardown))[-1:]
    teardowns = own_teardown + teardowns
    for block in blocks:
        if isinstance(block, ast.Test):
            cases.append(ast.TestCase(block.span, block.name, setups, block.body, teardowns))
        elif isinstance(block, ast.TestGroup):
            _collect(block.body.statements, setups, teardowns, cases)


def programs_of(cases: Iterable[ast.TestCase], program: ast.Program) -> Iterator[ast.Program]:
    """For each test the program that runs it: the declarations of its file, then the test."""
    declarations = tuple(statement for statement in program.statements if _is_declaration(statement))
    return (ast.Program(program.span, (*declarations, case)) for case in cases)


def _is_declaration(statement: ast.Statement) -> bool:
    inner = bare(statement)
    if isinstance(inner, ast.Assign):
        return isinstance(inner.target, ast.Name) and inner.op == ":="
    return isinstance(inner, DECLARATIONS)
