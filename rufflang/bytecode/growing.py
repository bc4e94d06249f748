"""Texts that a loop grows: variables with which it does nothing but append to them.

In `for word in words { text := text + word + ", " }` nobody looks at `text` before the loop is over.  So the
string in it may be changed in place (`runtime.strings_growing`).  The resolver counts in each loop how often
a variable is mentioned, and how often as one that is appended to; where both are the same, it *grows*.
"""

from __future__ import annotations

from rufflang.bytecode.scopes import SURE, Scope, Variable
from rufflang.records import Record, field
from rufflang.syntax import ast

_MENTIONS_OF_APPENDING = 2  # it is read and assigned
_TEXTS = (ast.StringLiteral, ast.InterpolatedString)


def is_text(node: ast.Expression) -> bool:
    """Whether the node is a text that is written there."""
    while isinstance(node, ast.Parenthesised):
        node = node.inner
    return isinstance(node, _TEXTS)


def appended(node: ast.Assign) -> list[tuple[ast.Binary | ast.Assign, ast.Expression]]:
    """What an assignment like `x := x + a + b` or `x += a` appends to `x`, each with the node it is added by."""
    if not isinstance(node.target, ast.Name):
        return []
    if node.op == "+=":
        return [(node, node.value)]
    operands: list[tuple[ast.Binary | ast.Assign, ast.Expression]] = []
    value = node.value
    while isinstance(value, ast.Binary) and value.op == "+":
        operands.append((value, value.right))
        value = value.left
    found = node.op == ":=" and isinstance(value, ast.Name) and value.name == node.target.name
    return operands[::-1] if found else []


class LoopUse(Record, frozen=False):
    """How a loop uses variables: how often it mentions them, and to which it appends how often."""

    mentions: dict[Variable, int] = field(factory=dict)
    appends: dict[Variable, int] = field(factory=dict)
    with_text: set[Variable] = field(factory=set)

    def mention(self, variable: Variable) -> None:
        """Notes a mention."""
        self.mentions[variable] = self.mentions.get(variable, 0) + 1

    def append(self, variable: Variable, *, with_text: bool) -> None:
        """Notes that something is appended; `with_text` says that a text is."""
        self.appends[variable] = self.appends.get(variable, 0) + 1
        if with_text:
            self.with_text.add(variable)

    def growing(self, around: Scope) -> list[Variable]:
        """The texts that only grow in the loop and are surely bound in the scope around it."""
        return [
            variable
            for variable, count in self.appends.items()
            if self.mentions.get(variable) == count * _MENTIONS_OF_APPENDING
            and variable.state == SURE
            and (variable.is_text or variable in self.with_text)
            and _is_within(around, variable.scope)
        ]


def _is_within(scope: Scope | None, outer: Scope) -> bool:
    while scope is not None and scope is not outer:
        scope = scope.parent
    return scope is outer
