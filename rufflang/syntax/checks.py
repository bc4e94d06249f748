"""The static checks: errors that the grammar cannot express, found before anything runs.

The walk keeps its own stack, because operator chains make trees deeper than Python can
recurse.  What it knows about a place is whether a `break` and a `yield` there have
something to act on; functions, spawned blocks and tests start with neither.
"""

from __future__ import annotations

from collections.abc import Sequence

from rufflang.syntax import ast
from rufflang.syntax.diagnostics import Diagnostic, static_error
from rufflang.syntax.spans import Span

# The parts of each kind of node that can contain something to check; kinds without any are left out.
PARTS: dict[type, tuple[str, ...]] = {
    ast.InterpolatedString: ("parts",),
    ast.Spread: ("value",),
    ast.ArrayLiteral: ("elements",),
    ast.DictEntry: ("key", "value"),
    ast.DictLiteral: ("entries",),
    ast.FieldInit: ("value",),
    ast.StructLiteral: ("fields",),
    ast.Unary: ("operand",),
    ast.Binary: ("left", "right"),
    ast.Logical: ("left", "right"),
    ast.Pipe: ("left", "right"),
    ast.Parenthesised: ("inner",),
    ast.Call: ("callee", "arguments"),
    ast.MethodCall: ("receiver", "arguments"),
    ast.Index: ("base", "index"),
    ast.Member: ("base",),
    ast.TryOperator: ("operand",),
    ast.ResultLiteral: ("value",),
    ast.Tagged: ("arguments",),
    ast.Throw: ("arguments",),
    ast.Await: ("operand",),
    ast.Yield: ("value",),
    ast.Function: ("body",),
    ast.SpawnExpression: ("body",),
    ast.Block: ("statements",),
    ast.Declare: ("value",),
    ast.Destructure: ("value",),
    ast.Assign: ("target", "value"),
    ast.ExpressionStatement: ("value",),
    ast.FunctionDeclaration: ("function",),
    ast.StructField: ("default",),
    ast.StructDeclaration: ("fields", "methods"),
    ast.Export: ("statement",),
    ast.If: ("condition", "then", "otherwise"),
    ast.While: ("condition", "body"),
    ast.For: ("iterable", "body"),
    ast.CaseArm: ("guard", "body"),
    ast.Match: ("subject", "arms", "default"),
    ast.Try: ("body", "handler"),
    ast.Return: ("value",),
    ast.Test: ("body",),
    ast.TestGroup: ("body",),
    ast.TestSetup: ("body",),
    ast.TestTeardown: ("body",),
    ast.Program: ("statements",),
}

SEPARATE_BODIES = (ast.SpawnExpression, ast.Test, ast.TestGroup, ast.TestSetup, ast.TestTeardown)
LOOPS = (ast.While, ast.For)

Member = ast.StructField | ast.Function

ONE_ARGUMENT_TAGS = frozenset([("Result", "Ok"), ("Result", "Err"), ("Option", "Some")])


class Checker:
    """Collects the static errors of one program."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []

    def report(self, message: str, span: Span) -> None:
        """Records an error."""
        self.diagnostics.append(static_error(message, span))

    def walk(self, program: ast.Program) -> None:
        """Visits every node once."""
        # (node, whether `break` is allowed, whether `yield` is allowed)
        pending: list[tuple[object, bool, bool]] = [(program, False, False)]
        parts_of = PARTS.get
        while pending:
            node, in_loop, in_generator = pending.pop()
            kind = type(node)
            if kind in CHECKED:
                self.check(node, in_loop, in_generator)
            names = parts_of(kind)
            if names is None:
                continue
            if isinstance(node, ast.Function):
                in_loop, in_generator = False, node.is_generator
            elif isinstance(node, SEPARATE_BODIES):
                in_loop = in_generator = False
            for name in names:
                part = getattr(node, name)
                inside = in_loop or (name == "body" and isinstance(node, LOOPS))
                if isinstance(part, tuple):
                    pending.extend((each, inside, in_generator) for each in part)
                elif part is not None:
                    pending.append((part, inside, in_generator))

    def check(self, node: object, in_loop: bool, in_generator: bool) -> None:
        """Checks one node of a kind that can be wrong in itself."""
        if isinstance(node, ast.Break) and not in_loop:
            self.report("break can only be used inside a loop", node.span)
        elif isinstance(node, ast.Continue) and not in_loop:
            self.report("continue can only be used inside a loop", node.span)
        elif isinstance(node, ast.Yield) and not in_generator:
            self.report("Yield can only be used inside generator functions", node.span)
        elif isinstance(node, ast.Throw) and len(node.arguments) != 1:
            self.report("throw() requires exactly one argument", node.span)
        elif isinstance(node, ast.Tagged):
            self.check_tag(node)
        elif isinstance(node, ast.Function):
            self.check_parameters(node)
        elif isinstance(node, ast.StructDeclaration):
            self.check_methods(node)
            self.check_members(node, "field", node.fields)
            self.check_members(node, "method", node.methods)

    def check_tag(self, tag: ast.Tagged) -> None:
        """A built-in result or option that the parser left as a tag has a wrong number of arguments."""
        if (tag.enum, tag.variant) in ONE_ARGUMENT_TAGS:
            self.report(f"{tag.enum}::{tag.variant}(...) requires exactly one argument", tag.span)
        elif (tag.enum, tag.variant) == ("Option", "None"):
            self.report("Option::None takes no arguments", tag.span)

    def check_parameters(self, function: ast.Function) -> None:
        """No two parameters have the same name."""
        seen: set[str] = set()
        for parameter in function.parameters:
            if parameter.name in seen:
                self.report(f"Duplicate declaration in the same scope: {parameter.name}", parameter.span)
            seen.add(parameter.name)

    def check_methods(self, struct: ast.StructDeclaration) -> None:
        """No method is a generator."""
        for method in struct.methods:
            if method.is_generator:
                message = f"Generator methods are not supported for structs: {struct.name}.{method.name}"
                self.report(message, method.span)

    def check_members(self, struct: ast.StructDeclaration, kind: str, members: Sequence[Member]) -> None:
        """No two fields have the same name, and no two methods; a field may be called like a method."""
        seen: set[str | None] = set()
        for member in members:
            if member.name in seen:
                self.report(f"Duplicate {kind} in struct {struct.name}: {member.name}", member.span)
            seen.add(member.name)


CHECKED = frozenset(
    [ast.Break, ast.Continue, ast.Yield, ast.Throw, ast.Tagged, ast.Function, ast.StructDeclaration]
)


def check_program(program: ast.Program) -> list[Diagnostic]:
    """Finds the static errors of a program that parsed.

    Args:
        program: the tree.

    Returns:
        The errors in order of place; empty if the program may run.
    """
    checker = Checker()
    checker.walk(program)
    return sorted(checker.diagnostics, key=place)


def place(diagnostic: Diagnostic) -> int:
    """Where a static error starts."""
    return diagnostic.span.start if diagnostic.span is not None else 0
