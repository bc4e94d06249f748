"""Calls of every kind, and which of their arguments somebody else still holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from rufflang.bytecode.compiler_base import ARGUMENT_OFFSET, HELD_BITS
from rufflang.bytecode.compiler_conditions import unwrapped
from rufflang.bytecode.compiler_expressions import ExpressionCompiler
from rufflang.bytecode.compiler_holding import Holding
from rufflang.bytecode.encoding import Label
from rufflang.bytecode.prelude import COUNTING_BUILTINS, IN_PLACE_BUILTINS, PAIR_BUILTINS, QUIET_BUILTINS
from rufflang.bytecode.scopes import Lookup, Variable
from rufflang.syntax import ast
from rufflang.syntax.spans import Span

# Type checkers take this for true; importing `typing` to say so would slow down every first run.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal


class CallCompiler(ExpressionCompiler):
    """Methods for `Call`, `MethodCall` and `Pipe`."""

    def call(self, node: ast.Call, destination: int, store: bool) -> None:
        """`callee(arguments)`."""
        builtin = self.builtin_name(node.callee)
        if builtin is not None:
            self._call_builtin(node.span, builtin, None, node.arguments, destination)
            return
        window = self.window(destination)
        self.into(node.callee, window)
        self.temporary()
        held = self._arguments(node.arguments, 0, runs_code=True, consumes=True)
        self.emit(node.span, "CALL", window, len(node.arguments), held)
        self.move(node.span, destination, window)

    def method_call(self, node: ast.MethodCall, destination: int, store: bool) -> None:
        """`receiver.name(arguments)`, `receiver?.name(arguments)`."""
        window = self.window(destination)
        self._call_method(node, window, ())
        self.move(node.span, destination, window)

    def _call_method(self, node: ast.MethodCall, window: int, piped: tuple[int, ...]) -> None:
        """Calls a method in a window; the held bits of a piped argument, already in its place, are given."""
        runs_code = not self.is_quiet_method(node.name)
        receiver = window + ARGUMENT_OFFSET
        self.reserve(receiver + 1)
        exposes = runs_code or partial(self.runs_code, node.arguments)
        held = self.argument(node.receiver, receiver, 0, exposes, consumes=runs_code)
        null, end = Label(), Label()
        if node.optional:
            self.jump(node.span, "JUMP_IF_NULL", null, receiver)
        held |= sum(piped) | self._arguments(node.arguments, 1 + len(piped), runs_code, consumes=runs_code)
        count = len(piped) + len(node.arguments)
        self.emit(node.span, "CALL_METHOD", window, self.constant(node.name, node.span), count)
        self.assembler.set_cache_word(held)
        if node.optional:
            self.jump(node.span, "JUMP", end)
            self.place(null)
            self.emit(node.span, "LOAD_NULL", window)
            self.place(end)

    def reserve(self, register: int) -> None:
        """Takes all registers below `register` that are still free."""
        while self.top < register:
            self.temporary()

    # ------------------------------------------------------------------- built-ins

    def _call_builtin(
        self, span: Span, name: str, piped: ast.Expression | None, arguments: Sequence[ast.Expression],
        destination: int,
    ) -> None:
        first = self.window(destination)
        self._builtin_window(span, "CALL_BUILTIN", name, arguments if piped is None else (piped, *arguments), first)
        self.move(span, destination, first)

    def index(self, node: ast.Index, destination: int, store: bool) -> None:
        """`base[index]`; of `pop(xs)[0]` and the like, both parts are there without an array."""
        call, position = unwrapped(node.base), unwrapped(node.index)
        name = self.builtin_name(call.callee) if isinstance(call, ast.Call) else None
        if name in PAIR_BUILTINS and isinstance(position, ast.IntLiteral) and position.value in (0, 1):
            assert name is not None and isinstance(call, ast.Call)
            self.move(node.span, destination, self.parts_of_call(call, name) + position.value)
        else:
            super().index(node, destination, store)

    def parts_of_call(self, call: ast.Call, name: str) -> int:
        """Calls a built-in for the two parts of what it gives; the registers of both are this one and the next."""
        first = self.temporary()
        self._builtin_window(call.span, "TAKE_APART", name, call.arguments, first)
        self.reserve(first + 2)
        return first

    def _builtin_window(
        self, span: Span, opcode: str, name: str, nodes: Sequence[ast.Expression], first: int
    ) -> None:
        self.top = first
        held = self._arguments(nodes, 0, name not in QUIET_BUILTINS, name in IN_PLACE_BUILTINS)
        self.reserve(first + 1)
        self.emit(span, opcode, first, self.context.builtins.numbers[name], len(nodes))
        self.assembler.set_cache_word(held)

    # ------------------------------------------------------------------- arguments

    def _arguments(
        self, nodes: Sequence[ast.Expression], offset: int, runs_code: bool, consumes: bool
    ) -> int:
        """Evaluates arguments into a row of fresh registers; returns their held bits, from `offset` on."""
        held = 0
        runs_after = self.code_after(nodes)
        for position, node in enumerate(nodes):
            register = self.temporary()
            exposes = runs_code or partial(runs_after, position)
            held |= self.argument(node, register, offset + position, exposes, consumes)
        return held

    def argument(
        self, node: ast.Expression, register: int, position: int,
        runs_code: Literal[True] | Callable[[], bool], consumes: bool,
    ) -> int:
        """Evaluates one argument; returns its held bit, or 0 if nobody holds it or it is marked.

        `runs_code` tells whether functions of the program may run before the call is over, `consumes`
        whether it can make use of an argument that nobody else holds.
        """
        moves = self.moves
        another = self.only_argument is not None and node is not self.only_argument
        if another or (not consumes and isinstance(node, ast.Name)):
            self.moves = set()
        holding = self.holding(node)
        exposed = holding is Holding.EXPOSED and (runs_code is True or runs_code())
        mark = exposed or (holding is not Holding.NOBODY and position >= HELD_BITS)
        # Of several variables that may be meant, those that do not give their value away mark it.
        mark = mark or node is self.only_argument
        stored = mark or holding is Holding.NOBODY
        lends = consumes and not stored
        if lends and isinstance(node, (ast.Index, ast.Member)):
            self.lent_part(node, register)
        else:
            place = self.assembler.position
            self.into(node, register, stored)
            if lends and isinstance(node, ast.Name) and self.assembler.position == place + 1:
                self._may_be_last_loan(node, place)
        self.moves = moves
        return 0 if mark or holding is Holding.NOBODY else 1 << position

    def _may_be_last_loan(self, node: ast.Name, place: int) -> None:
        variable = self.resolution.lookups[id(node)].only_variable
        if variable is not None and self.is_movable(variable):
            self.last_uses.loans[place] = variable

    # ------------------------------------------------------------------- pipe

    def pipe(self, node: ast.Pipe, destination: int, store: bool) -> None:
        """`left |> right`."""
        right = node.right
        callee, arguments = (right.callee, right.arguments) if isinstance(right, ast.Call) else (right, ())
        builtin = self.builtin_name(callee)
        if builtin is not None:
            self._call_builtin(node.span, builtin, node.left, arguments, destination)
            return
        window = self.window(destination)
        if isinstance(right, ast.MethodCall):
            self._pipe_into_method(node, right, window)
        else:
            self._pipe_into_function(node, callee, arguments, window)
        self.move(node.span, destination, window)

    def _pipe_into_function(
        self, node: ast.Pipe, callee: ast.Expression, arguments: Sequence[ast.Expression], window: int
    ) -> None:
        self.reserve(window + ARGUMENT_OFFSET)
        piped = self.temporary()
        held = self.argument(node.left, piped, 0, runs_code=True, consumes=True)
        self.into(callee, window)
        held |= self._arguments(arguments, 1, runs_code=True, consumes=True)
        self.emit(node.span, "CHECK_PIPE", window)
        self.emit(node.span, "CALL", window, 1 + len(arguments), held)

    def _pipe_into_method(self, node: ast.Pipe, method: ast.MethodCall, window: int) -> None:
        receiver = window + ARGUMENT_OFFSET
        self.reserve(receiver + 1)
        piped = self.temporary()
        held = self.argument(node.left, piped, 1, runs_code=True, consumes=True)
        self._call_method(method, window, (held,))

    # ------------------------------------------------------------------- last uses

    def moves_on_assignment(self, variable: Variable, value: ast.Expression) -> set[Variable]:
        """What may be moved while `value` is computed, to be assigned to `variable` afterwards."""
        value = unwrapped(value)
        if type(value) not in _CONSUMERS:
            return set()
        if not self.occurs_once(variable, value) and not self._is_handed_over(variable, value):
            return set()
        if variable.is_register:
            undisturbed = self.try_depth == 0 or self._is_in_place(variable, value)
            movable = undisturbed and self.is_movable(variable)
        else:
            movable = variable.only_mutable and self._is_in_place(variable, value)
        return {variable} if movable else set()

    def _is_handed_over(self, variable: Variable, value: ast.Expression) -> bool:
        """Whether a call takes the variable as an argument, while the others at most compute something from it.

        They are over before the function runs, and what they give has no part of the variable's value in it.
        """
        if not isinstance(value, ast.Call) or self.occurs(variable, value.callee):
            return False
        others = [node for node in value.arguments if not self._is_variable(node, variable)]
        if len(others) != len(value.arguments) - 1 or self.runs_code(others):
            return False
        return all(self._is_computed(unwrapped(node)) for node in others if self.occurs(variable, node))

    def _is_computed(self, node: ast.Expression) -> bool:
        if isinstance(node, ast.Call):
            return self.builtin_name(node.callee) in COUNTING_BUILTINS
        return isinstance(node, (ast.Binary, ast.Unary))

    def consumed_argument(
        self, target: Lookup, value: ast.Expression
    ) -> tuple[set[Variable], ast.Expression | None]:
        """The argument of an in-place built-in that gives the variable away which `value` is assigned to.

        Other arguments may look at it, and it may be one of several variables, as long as the result
        goes to the one that was read: it is found in the same way.  Gives those variables that may give
        their value away, and the argument.
        """
        value = unwrapped(value)
        if not isinstance(value, ast.Call) or self.builtin_name(value.callee) not in IN_PLACE_BUILTINS:
            return set(), None
        variables = [candidate.variable for candidate in target.candidates if not candidate.is_field]
        direct = [node for node in value.arguments if isinstance(node, ast.Name) and node.name == target.name]
        if len(direct) != 1 or len(variables) != len(target.candidates):
            return set(), None
        read = self.resolution.lookups[id(direct[0])].candidates
        runs_code = self.runs_code(value.arguments)
        if [candidate.variable for candidate in read] != variables:
            return set(), None
        moves = {variable for variable in variables if self._gives_away(variable, runs_code=runs_code)}
        return moves, direct[0] if moves else None

    def _gives_away(self, variable: Variable, *, runs_code: bool) -> bool:
        """Whether nobody could notice that the variable's value is changed in place and put back."""
        if variable.is_register:
            return self.is_movable(variable)
        return variable.only_mutable and not (variable.written_elsewhere and runs_code)

    def _is_variable(self, node: ast.Expression, variable: Variable) -> bool:
        return isinstance(node, ast.Name) and self.resolution.lookups[id(node)].only_variable is variable

    def _is_in_place(self, variable: Variable, value: ast.Expression) -> bool:
        """Whether `value` is the call of an in-place built-in with the variable as an argument."""
        if not isinstance(value, ast.Call) or self.builtin_name(value.callee) not in IN_PLACE_BUILTINS:
            return False
        for position, argument in enumerate(value.arguments):
            if self._is_variable(argument, variable):
                later = value.arguments[position + 1 :]
                return not (variable.written_elsewhere and self.runs_code(later))
        return False

    def moves_on_return(self, value: ast.Expression) -> set[Variable]:
        """What may be moved while the function's result is computed."""
        if self.try_depth or type(unwrapped(value)) not in _CONSUMERS:
            return set()
        moves = self.mentioned_once(value)
        if self._is_recursive(value):
            # Handing a parameter on would oblige every caller to mark what it passes.
            moves = {variable for variable in moves if not variable.is_parameter or variable.kept}
        return moves

    def _is_recursive(self, value: ast.Expression) -> bool:
        value = unwrapped(value)
        callee = value.callee if isinstance(value, ast.Call) else None
        return isinstance(callee, ast.Name) and callee.name == self.chunk.declared_name


_CONSUMERS = frozenset({
    ast.Call, ast.MethodCall, ast.Pipe, ast.ArrayLiteral, ast.DictLiteral, ast.StructLiteral,
    ast.ResultLiteral, ast.Tagged,
})

