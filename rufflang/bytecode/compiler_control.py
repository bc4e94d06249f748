"""Statements that decide what runs next: branches, loops, `match`, `try`, `return`."""

from __future__ import annotations

from abc import abstractmethod

from rufflang.bytecode.chunk import Handler
from rufflang.bytecode.compiler_base import Loop
from rufflang.bytecode.compiler_conditions import unwrapped
from rufflang.bytecode.compiler_functions import FunctionValueCompiler
from rufflang.bytecode.compiler_patterns import Marking
from rufflang.bytecode.encoding import Label
from rufflang.bytecode.scopes import Binding, Declaration, Variable
from rufflang.syntax import ast
from rufflang.syntax.spans import Span


class ControlCompiler(FunctionValueCompiler):
    """Compiles blocks and the statements that contain them."""

    def statements(self, statements: tuple[ast.Statement, ...]) -> None:
        """Compiles statements in the current scope."""
        for statement in statements:
            self.statement(statement)

    @abstractmethod
    def statement(self, node: ast.Statement) -> None:
        """Compiles one statement."""

    def block(self, block: ast.Block) -> None:
        """Compiles a block in a scope of its own."""
        scope = self.resolution.scopes[id(block)]
        top, locals_top = self.top, self.locals_top
        self.enter_scope(block.span, scope)
        self.statements(block.statements)
        self.leave_scope(top, locals_top)

    # ------------------------------------------------------------------- branches

    def if_statement(self, node: ast.If) -> None:
        """`if … { } else if … { } else { }`."""
        end = Label()
        branch: ast.If | ast.Block | None = node
        while isinstance(branch, ast.If):
            otherwise = Label()
            self.jump_if(branch.condition, otherwise, False)
            self.block(branch.then)
            if branch.otherwise is not None:
                self.jump(branch.span, "JUMP", end)
            self.place(otherwise)
            branch = branch.otherwise
        if branch is not None:
            self.block(branch)
        self.place(end)

    def match(self, node: ast.Match) -> None:
        """`match … { case … default … }`."""
        subject = self.subject_of(node)
        end = Label()
        for arm in node.arms:
            missed = Label()
            top = self.top
            self.match_pattern(arm, subject, missed)
            if arm.guard is not None:
                self.jump_if(arm.guard, missed, False)
            self.top = top
            self.statements(arm.body.statements)
            self.jump(arm.span, "JUMP", end)
            self.place(missed)
        if node.default is not None:
            self.statements(node.default.statements)
        self.place(end)

    # ------------------------------------------------------------------- loops

    def while_loop(self, node: ast.While) -> None:
        """`while`, `loop while`, `loop`."""
        loop = Loop(Label(), Label())
        start = Label()
        outer = self._begin_growing(node)
        self.place(start)
        if node.condition is not None:
            self.jump_if(node.condition, loop.exit, False)
        self._loop_body(node.body, loop)
        self._close_loop(node.span, loop, start)
        self._end_growing(node.span, outer)

    def _begin_growing(self, node: ast.While | ast.For) -> int:
        """Lets the loop append in place; gives how many variables grew already.

        Not where the loop may be left for another place than the one behind it, and the function go on.
        """
        before = len(self.growing)
        if self.try_depth == 0 and self.return_target is None:
            self.growing += [
                variable
                for variable in self.resolution.growing[id(node)]
                if variable.is_register and variable.scope.function is self.function and variable not in self.growing
            ]
        return before

    def _end_growing(self, span: Span, before: int) -> None:
        for variable in self.growing[before:]:
            self.emit(span, "COMPLETE", variable.register)
        del self.growing[before:]

    def for_loop(self, node: ast.For) -> None:
        """`for … in …`: over a range without making the array, or over any value."""
        iterable = unwrapped(node.iterable)
        state = self.top
        outer = self._begin_growing(node)
        if (
            isinstance(iterable, ast.Call)
            and 1 <= len(iterable.arguments) <= 3
            and self.builtin_name(iterable.callee) == "range"
        ):
            self._prepare_range(iterable)
            self._iterate(node, "RANGE_NEXT", state, state + 3, self.leave_unmarked)
        else:
            lent = self._prepare_iteration(node)
            self._iterate(node, "FOR_NEXT", state, state + 2, self.share_or_borrow)
            if lent:
                self.lent_to_loops.pop()
        self._end_growing(node.span, outer)

    def _prepare_range(self, call: ast.Call) -> None:
        state = self.top
        for argument in call.arguments:
            self.into(argument, self.temporary())
        while self.top < state + 4:
            self.temporary()
        self.emit(call.span, "RANGE_PREPARE", state, len(call.arguments))

    def _prepare_iteration(self, node: ast.For) -> bool:
        """Starts the loop; whether it runs over the value of a variable without having marked it."""
        state = self.temporary()
        iterable = unwrapped(node.iterable)
        lookup = self.resolution.lookups[id(iterable)] if isinstance(iterable, ast.Name) else None
        variable = lookup.only_variable if lookup is not None else None
        lent = (
            variable is not None
            and variable.is_register
            and variable not in self.resolution.loop_writes[id(node)]
        )
        self.into(iterable, state, not lent)
        if lent and variable is not None:
            self.lent_to_loops.append(variable)
        self.emit(node.span, "FOR_PREPARE", state)
        self.temporary()
        self.temporary()
        return lent

    def _iterate(self, node: ast.For, opcode: str, state: int, item: int, mark: Marking) -> None:
        loop = Loop(Label(), Label())
        start = Label()
        self.place(start)
        self.jump(node.span, opcode, loop.exit, state)
        scope = self.resolution.scopes[id(node.body)]
        bindings = self.resolution.bindings[id(node)]
        top, locals_top = self.top, self.locals_top
        plain = isinstance(node.pattern, ast.NamePattern)
        self.enter_scope(node.span, scope, self._settle(bindings, item) if plain else None)
        if plain:
            mark(node.span, bindings[0], item)
            self.bind(bindings[0], item, node.span)
        else:
            self.bind_pattern(node.pattern, item, bindings, node.span, mark)
        self.loops.append(loop)
        self.statements(node.body.statements)
        self.loops.pop()
        self.leave_scope(top, locals_top)
        self._close_loop(node.span, loop, start)

    def _settle(self, bindings: list[Binding], register: int) -> Variable | None:
        """Makes `register` the register of the first variable bound, if it lives in one."""
        binding = bindings[0] if bindings else None
        if not isinstance(binding, Declaration) or not binding.variable.is_register:
            return None
        binding.variable.register = register
        return binding.variable

    def _loop_body(self, body: ast.Block, loop: Loop) -> None:
        self.loops.append(loop)
        self.block(body)
        self.loops.pop()

    def _close_loop(self, span: Span, loop: Loop, start: Label) -> None:
        self.place(loop.again)
        self.jump(span, "LOOP", start)
        self.place(loop.exit)

    def break_statement(self, node: ast.Break) -> None:
        """`break`."""
        self.jump(node.span, "JUMP", self.loops[-1].exit)

    def continue_statement(self, node: ast.Continue) -> None:
        """`continue`."""
        self.jump(node.span, "JUMP", self.loops[-1].again)

    # ------------------------------------------------------------------- errors

    def try_statement(self, node: ast.Try) -> None:
        """`try { } except name { }`."""
        end = Label()
        start = self.assembler.position
        self.try_depth += 1
        self.block(node.body)
        self.try_depth -= 1
        finish = self.assembler.position
        self.jump(node.span, "JUMP", end)
        target = self.assembler.position
        caught = self._handler(node)
        if finish > start:
            self.chunk.handlers.append(Handler(start, finish, target, caught))
        self.place(end)

    def _handler(self, node: ast.Try) -> int:
        """Compiles the `except` block; returns the register in which it expects the error."""
        scope = self.resolution.scopes[id(node.handler)]
        bindings = self.resolution.bindings[id(node)]
        top, locals_top = self.top, self.locals_top
        caught = self.temporary()
        self.enter_scope(node.handler.span, scope, self._settle(bindings, caught))
        if bindings:
            self.bind(bindings[0], caught, node.handler.span)
        self.statements(node.handler.statements)
        self.leave_scope(top, locals_top)
        return caught

    # ------------------------------------------------------------------- return

    def return_statement(self, node: ast.Return) -> None:
        """`return`, `return value`."""
        if self.return_target is not None:
            if node.value is not None:
                self.into(node.value, self.temporary())
            self.jump(node.span, "JUMP", self.return_target)
            return
        if node.value is None:
            self.emit(node.span, "RETURN_NULL")
            return
        value = unwrapped(node.value)
        if isinstance(value, ast.Name):
            register = self.sure_register(self.resolution.lookups[id(value)])
            if register is not None:
                variable = self.resolution.lookups[id(value)].candidates[0].variable
                self.not_lent.add(variable)
                self.emit(node.span, "RETURN", register)
                return
        self.moves = self.moves_on_return(value)
        result = self.stored_operand(value)
        self.moves = set()
        self.emit(node.span, "RETURN", result)
