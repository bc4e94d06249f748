"""Binary operators: instructions of their own, or calls of the methods by which structs define them.

Where the file has a struct that defines the operator, an operand that is an instance of such a struct has its method
called like any other, so that the call is remembered, compiled and made part of its caller like any other.
"""

from __future__ import annotations

from rufflang.bytecode.compiler_base import ARGUMENT_OFFSET
from rufflang.bytecode.compiler_conditions import COMPARISONS, small_int
from rufflang.bytecode.compiler_holding import Holding, HoldingAnalysis
from rufflang.bytecode.encoding import Label
from rufflang.syntax import ast
from rufflang.syntax.spans import Span

_ARITHMETIC = {"+": "ADD", "-": "SUB", "*": "MUL", "/": "DIV", "%": "MOD"}
OPERATORS = _ARITHMETIC | COMPARISONS
_WITH_IMMEDIATE = {"+": "ADD_IMM", "-": "SUB_IMM"}
_METHODS = {
    "+": "op_add", "-": "op_sub", "*": "op_mul", "/": "op_div", "%": "op_mod",
    "<": "op_lt", "<=": "op_le", ">": "op_gt", ">=": "op_ge",
}  # fmt: skip


class OperatorCompiler(HoldingAnalysis):
    """Compiles the application of an operator to a register and an expression."""

    def apply(
        self, span: Span, operator: str, target: int, left: int, nodes: tuple[ast.Expression, ast.Expression]
    ) -> None:
        """Puts `left operator right` into a register.

        `nodes` are the operands; the left one's value is in the register `left`.
        """
        immediate = small_int(nodes[1]) if operator in _WITH_IMMEDIATE else None
        right = self.operand(nodes[1]) if immediate is None else -1
        method, end = _METHODS.get(operator), Label()
        if method is not None and method in self.resolution.method_names:
            other = Label()
            name = self.constant(method, span)
            self.jump(span, "JUMP_IF_NO_OPERATOR", other, left, name)
            self._call_operator(span, name, target, (left, right), nodes)
            self.jump(span, "JUMP", end)
            self.place(other)
        if immediate is not None:
            self.emit(span, _WITH_IMMEDIATE[operator], target, left, immediate)
        else:
            self.emit(span, OPERATORS[operator], target, left, right)
        self.place(end)

    def _call_operator(
        self, span: Span, name: int, target: int, operands: tuple[int, int],
        nodes: tuple[ast.Expression, ast.Expression],
    ) -> None:
        top = self.top
        window, held = self.temporary(), 0
        self.top = window + ARGUMENT_OFFSET
        for position, (operand, node) in enumerate(zip(operands, nodes, strict=True)):
            register = self.temporary()
            if operand < 0:
                self.into(node, register)
                continue
            self.move(span, register, operand)
            holding = self.holding(node)
            if holding is Holding.EXPOSED:
                self.emit(span, "SHARE", register)
            elif holding is Holding.SOMEBODY:
                held |= 1 << position
        self.emit(span, "CALL_METHOD", window, name, 1)
        self.assembler.set_cache_word(held)
        self.move(span, target, window)
        self.top = top
