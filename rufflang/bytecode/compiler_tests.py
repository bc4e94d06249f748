"""A test as the test command runs it: setups, body and teardowns, whatever happens, in one scope.

It is the last statement of a program (`syntax.test_suite`).  An error in one part is kept in a register
while the teardowns run and thrown afterwards, so that the outcome of the program is that of the test.
"""

from __future__ import annotations

from collections.abc import Sequence

from rufflang.bytecode.chunk import Handler
from rufflang.bytecode.compiler_imports import ImportCompiler
from rufflang.bytecode.encoding import Label
from rufflang.syntax import ast
from rufflang.syntax.test_suite import DECLARATIONS_ENDED, SETUP_FAILED


class TestCompiler(ImportCompiler):
    """Compiles programs that run a test."""

    def test_program(self, declarations: Sequence[ast.Statement], case: ast.TestCase) -> None:
        """The statements of such a program: a `?` among the declarations must not pass for a test."""
        ended = Label()
        self.return_target = ended
        for statement in declarations:
            self.statement(statement)
        self.return_target = None
        self.statement(case)
        self.emit(case.span, "RETURN_NULL")
        self.place(ended)
        self.raise_error(case.span, DECLARATIONS_ENDED)

    def test_case(self, node: ast.TestCase) -> None:
        """Runs each part in turn; an error goes on at the teardowns."""
        setup_error, body_error, ignored = self.temporary(), self.temporary(), self.temporary()
        for register in (setup_error, body_error):
            self.emit(node.span, "LOAD_NULL", register)
        top, locals_top = self.top, self.locals_top
        self.enter_scope(node.span, self.resolution.scopes[id(node)])
        teardown = Label()
        for setup in node.setups:
            self._part(setup, setup_error, teardown)
        self._part(node.body, body_error, teardown)
        self.place(teardown)
        for block in node.teardowns:
            after = Label()
            self._part(block, ignored, after)
            self.place(after)
        self.leave_scope(top, locals_top)
        self._rethrow(node, setup_error, body_error)

    def _part(self, block: ast.Block, error: int, failed: Label) -> None:
        """One block, in the current scope; an error is put into `error` and goes on at `failed`."""
        end = Label()
        start = self.assembler.position
        self.return_target = end
        self.try_depth += 1
        self.statements(block.statements)
        self.try_depth -= 1
        self.return_target = None
        finish = self.assembler.position
        self.jump(block.span, "JUMP", end)
        if finish > start:
            self.chunk.handlers.append(Handler(start, finish, self.assembler.position, error))
            self.jump(block.span, "JUMP", failed)
        self.place(end)

    def _rethrow(self, node: ast.TestCase, setup_error: int, body_error: int) -> None:
        """Throws the error that ended the test, if one did."""
        passed_setup, passed = Label(), Label()
        self.jump(node.span, "JUMP_IF_NULL", passed_setup, setup_error)
        text, message = self.temporary(), self.temporary()
        self.load_constant(node.span, SETUP_FAILED, text)
        self.emit(node.span, "GET_FIELD", message, setup_error, self.constant("message", node.span))
        self.emit(node.span, "BUILD_STRING", text, text, 2)
        self.emit(node.span, "THROW", text)
        self.place(passed_setup)
        self.jump(node.span, "JUMP_IF_NULL", passed, body_error)
        self.emit(node.span, "THROW", body_error)
        self.place(passed)
