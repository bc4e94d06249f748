"""Who else holds a value, and could somebody change it while it is only borrowed?

Reading a variable or an element for an operand or an argument marks nothing.  That is
safe as long as nobody writes through another holder meanwhile.  Registers are out of
everybody's reach, but a global or a captured variable that some function writes can
change whenever the program's own code runs.  Such variables are *exposed*.  Where
functions can be suspended, that goes for every variable outside registers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import IntEnum

from rufflang.bytecode.compiler_conditions import ConditionCompiler, unwrapped
from rufflang.bytecode.prelude import QUIET_BUILTINS, QUIET_METHODS
from rufflang.bytecode.scopes import Lookup, Variable
from rufflang.syntax import ast

# Type checkers take this for true; importing `typing` to say so would slow down every first run.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Holding(IntEnum):
    """Who holds the value of an expression besides the register it is in."""

    NOBODY = 0
    SOMEBODY = 1
    EXPOSED = 2


class HoldingAnalysis(ConditionCompiler):
    """Questions about expressions, asked while they are compiled."""

    @property
    def _running(self) -> tuple[type, ...]:
        """Expressions that may run functions of the program, whatever their operands."""
        always = (ast.Pipe, ast.StructLiteral, ast.Yield, ast.Await)
        return (*always, ast.Binary, ast.Unary) if self.resolution.operators_call else always

    def holding(self, node: ast.Expression) -> Holding:
        """Who else will hold the value of `node`."""
        least = Holding.NOBODY
        while True:
            if isinstance(node, ast.Name):
                return max(least, self._holding_of_name(self.resolution.lookups[id(node)]))
            if isinstance(node, ast.Parenthesised):
                node = node.inner
            elif isinstance(node, (ast.Index, ast.Member)):
                node, least = node.base, Holding.SOMEBODY
            elif isinstance(node, ast.TryOperator):
                node, least = node.operand, Holding.SOMEBODY
            elif isinstance(node, ast.Logical) and node.op == "??":
                least = max(least, self.holding(node.left))
                node = node.right
            else:
                return least

    def _holding_of_name(self, lookup: Lookup) -> Holding:
        holding = Holding.NOBODY
        for candidate in lookup.candidates:
            variable = candidate.variable
            if variable in self.moves:
                continue
            exposed = not variable.is_register and (variable.written_elsewhere or self.resolution.suspends)
            holding = max(holding, Holding.EXPOSED if exposed else Holding.SOMEBODY)
        return holding

    def must_pin(self, left: ast.Expression, right: ast.Expression) -> bool:
        """Whether evaluating `right`, or an operator on both, could change what `left` merely borrows."""
        if type(left) not in _BORROWING or self.holding(left) is not Holding.EXPOSED:
            return False
        return self.resolution.operators_call or self.runs_code([right])

    def runs_code(self, nodes: Iterable[ast.Expression]) -> bool:
        """Whether evaluating `nodes` may run functions of the program."""
        work: list[Any] = list(nodes)
        while work:
            node = work.pop()
            if isinstance(node, ast.Call):
                if self.quiet_builtin(node.callee) is None:
                    return True
                work += node.arguments
            elif isinstance(node, ast.MethodCall):
                if not self.is_quiet_method(node.name):
                    return True
                work.append(node.receiver)
                work += node.arguments
            elif isinstance(node, self._running):
                return True
            else:
                work += children(node)
        return False

    def code_after(self, nodes: Sequence[ast.Expression | str]) -> Callable[[int], bool]:
        """Tells of a position whether evaluating the nodes behind it may run functions of the program.

        The nodes are looked at only when that is asked, and then only once.
        """
        last: int | None = None

        def runs_after(position: int) -> bool:
            nonlocal last
            if last is None:
                last = -1
                for index, node in enumerate(nodes):
                    if not isinstance(node, str) and self.runs_code((node,)):
                        last = index
            return position < last

        return runs_after

    def builtin_name(self, callee: ast.Expression) -> str | None:
        """The built-in function that `callee` surely is, if it may be called by CALL_BUILTIN."""
        if type(callee) is not ast.Name or not self.context.builtins.is_plain(callee.name):
            return None
        return None if self.resolution.lookups[id(callee)].candidates else callee.name

    def quiet_builtin(self, callee: ast.Expression) -> str | None:
        """Like `builtin_name`, for functions that never call back into the program."""
        name = self.builtin_name(callee)
        return name if name in QUIET_BUILTINS else None

    def is_quiet_method(self, name: str) -> bool:
        """Whether a method call runs no function of the program, going by the method's name."""
        if self.resolution.foreign_structs:
            return False
        return name in QUIET_METHODS and name not in self.resolution.method_names

    def occurs_once(self, variable: Variable, node: ast.Expression) -> bool:
        """Whether `node` mentions the variable exactly once."""
        return self._mentions(variable, node, 2) == 1

    def occurs(self, variable: Variable, node: ast.Expression) -> bool:
        """Whether `node` mentions the variable."""
        return self._mentions(variable, node, 1) > 0

    def _mentions(self, variable: Variable, node: ast.Expression, enough: int) -> int:
        """How often `node` mentions the variable, counted up to `enough`."""
        count = 0
        work: list[Any] = [node]
        while work and count < enough:
            inner = work.pop()
            if isinstance(inner, ast.Name):
                candidates = self.resolution.lookups[id(inner)].candidates
                count += any(candidate.variable is variable for candidate in candidates)
            else:
                work += children(inner)
        return count

    def mentioned_once(self, node: ast.Expression) -> set[Variable]:
        """The movable register variables that `node` mentions exactly once."""
        counts: dict[Variable, int] = {}
        work: list[Any] = [node]
        while work:
            inner = work.pop()
            if isinstance(inner, ast.Name):
                lookup = self.resolution.lookups[id(inner)]
                for candidate in lookup.candidates:
                    if not candidate.is_field:
                        counts[candidate.variable] = counts.get(candidate.variable, 0) + 1
            else:
                work += children(inner)
        return {variable for variable, count in counts.items() if count == 1 and self.is_movable(variable)}


_BORROWING = frozenset({ast.Name, ast.Index, ast.Member, ast.Logical, ast.Parenthesised, ast.TryOperator})


def children(node: Any) -> Sequence[Any]:
    """The operands of an expression; functions inside it are not evaluated with it."""
    kind = type(node)
    if kind is ast.Binary or kind is ast.Logical or kind is ast.Pipe:
        return (node.left, node.right)
    if kind is ast.Call:
        return (node.callee, *node.arguments)
    if kind is ast.MethodCall:
        return (node.receiver, *node.arguments)
    if kind is ast.Index:
        return (node.base, node.index)
    if kind is ast.Member:
        return (node.base,)
    if kind is ast.Unary or kind is ast.TryOperator or kind is ast.Await:
        return (node.operand,)
    if kind is ast.Parenthesised:
        return (unwrapped(node),)
    if kind is ast.ArrayLiteral:
        return [element.value if isinstance(element, ast.Spread) else element for element in node.elements]
    if kind is ast.DictLiteral:
        return [part for entry in node.entries for part in _entry_parts(entry)]
    if kind is ast.StructLiteral:
        return [field.value for field in node.fields]
    if kind is ast.InterpolatedString:
        return [part for part in node.parts if not isinstance(part, str)]
    if kind is ast.ResultLiteral or kind is ast.Yield:
        return () if node.value is None else (node.value,)
    if kind is ast.Tagged or kind is ast.Throw:
        return list(node.arguments)
    return ()


def parts_of(node: ast.Expression) -> Iterator[ast.Index | ast.Member]:
    """The accesses to parts of values in an expression, each with those inside it."""
    work: list[ast.Expression] = [node]
    while work:
        inner = work.pop()
        if isinstance(inner, (ast.Index, ast.Member)):
            yield inner
        work += children(inner)


def _entry_parts(entry: ast.DictEntry | ast.Spread) -> tuple[ast.Expression, ...]:
    return (entry.value,) if isinstance(entry, ast.Spread) else (entry.key, entry.value)
