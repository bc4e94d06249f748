"""Conditions: jumps taken or not, without making a bool first where that can be avoided."""

from __future__ import annotations

from rufflang.bytecode.compiler_names import NameCompiler
from rufflang.bytecode.encoding import Label, fits_short
from rufflang.syntax import ast

COMPARISONS = {"==": "EQ", "!=": "NE", "<": "LT", "<=": "LE", ">": "GT", ">=": "GE"}


def small_int(node: ast.Expression) -> int | None:
    """The value of an int literal, a sign included, that fits into a 16-bit operand."""
    value: int
    if type(node) is ast.IntLiteral:
        value = node.value
    elif type(node) is ast.Unary and node.op == "-" and type(node.operand) is ast.IntLiteral:
        value = -node.operand.value
    else:
        return None
    return value if fits_short(value) else None


def unwrapped(node: ast.Expression) -> ast.Expression:
    """The expression inside any parentheses."""
    while type(node) is ast.Parenthesised:
        node = node.inner
    return node


def gives_bool(node: ast.Expression) -> bool:
    """Whether the value is a bool for certain; overloaded orderings may give anything."""
    if isinstance(node, ast.Binary):
        return node.op in ("==", "!=")
    return isinstance(node, ast.BoolLiteral) or (isinstance(node, ast.Logical) and node.op != "??")


class ConditionCompiler(NameCompiler):
    """`jump_if`: the only way in which conditions are compiled."""

    def jump_if(self, node: ast.Expression, label: Label, wanted: bool) -> None:
        """Jumps to `label` if the truthiness of `node` is `wanted`, else goes on."""
        node = unwrapped(node)
        top = self.top
        if isinstance(node, ast.BoolLiteral):
            if node.value == wanted:
                self.jump(node.span, "JUMP", label)
        elif isinstance(node, ast.Logical) and node.op != "??":
            self._jump_if_logical(node, label, wanted)
        elif isinstance(node, ast.Binary) and node.op in COMPARISONS:
            self._jump_if_comparison(node, label, wanted)
        elif isinstance(node, ast.Unary) and node.op == "!" and gives_bool(unwrapped(node.operand)):
            self.jump_if(node.operand, label, not wanted)
        else:
            self.jump(node.span, "JUMP_IF" if wanted else "JUMP_IF_NOT", label, self.operand(node))
        self.top = top

    def _jump_if_logical(self, node: ast.Logical, label: Label, wanted: bool) -> None:
        if wanted == (node.op == "||"):
            self.jump_if(node.left, label, wanted)
            self.jump_if(node.right, label, wanted)
        else:
            past = Label()
            self.jump_if(node.left, past, not wanted)
            self.jump_if(node.right, label, wanted)
            self.place(past)

    def _jump_if_comparison(self, node: ast.Binary, label: Label, wanted: bool) -> None:
        name = ("JUMP_IF_" if wanted else "JUMP_IF_NOT_") + COMPARISONS[node.op]
        left = self.left_operand(node)
        immediate = small_int(node.right)
        if immediate is not None:
            self.jump(node.span, name + "_IMM", label, left, immediate)
        else:
            self.jump(node.span, name, label, left, self.operand(node.right))

    def left_operand(self, node: ast.Binary) -> int:
        """The left operand of a binary operator, safe from what the right one may do."""
        if self.must_pin(node.left, node.right):
            register = self.temporary()
            self.into(node.left, register, True)
            return register
        return self.operand(node.left)
