"""The one error that compiling can end with."""

from __future__ import annotations

from rufflang.syntax.spans import Span


class CompileError(Exception):
    """The program cannot be compiled; shown as `Compilation error: <message>` at `span`."""

    def __init__(self, message: str, span: Span) -> None:
        super().__init__(message)
        self.message = message
        self.span = span
