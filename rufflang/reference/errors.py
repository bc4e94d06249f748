"""The ways in which evaluation is cut short, as Python exceptions.

None of them ever leaves `rufflang.reference.run`.
"""

from __future__ import annotations

from rufflang.reference.values import ArrayValue, ResultValue, StructValue, Value, share
from rufflang.source import Source
from rufflang.syntax.spans import Span

NOT_CALLABLE = (
    "Cannot call non-function; the value being called is not callable. "
    "Pass a function, closure, or imported callable value instead."
)

_OWN_FIELDS = ("message", "stack", "line", "cause")


class RuffError(Exception):
    """A raised Ruff error.

    Whoever raises it knows the message; the innermost expression or statement being
    evaluated adds where it happened (`locate`).
    """

    def __init__(self, message: str, subject: tuple[Value, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.subject = subject
        """The value that lacked something, if the error is about that."""
        self.span: Span | None = None
        self.source: Source | None = None
        self.line: int | None = None
        self.stack: list[Value] | None = None
        self.cause: tuple[Value, ...] = ()
        self.added: dict[str, Value] = {}
        """What the program had put into the error that is thrown again."""

    def locate(self, span: Span, source: Source | None, function_names: list[str]) -> None:
        """Fills in what is still missing of place and call stack."""
        if self.span is None:
            self.span, self.source = span, source
        if self.line is None:
            self.line = span.line
        if self.stack is None:
            self.stack = list(function_names)

    def as_value(self) -> StructValue:
        """The struct that an `except` variable holds."""
        fields: dict[str, Value] = {
            "message": self.message,
            "stack": ArrayValue(list(self.stack or [])),
            "line": self.line or 0,
        }
        if self.cause:
            fields["cause"] = self.cause[0]
        fields |= self.added
        value = StructValue("Error", None, fields)
        value.origin = None if self.span is None else (self.span, self.source)
        return value

    def again(self) -> RuffError:
        """The same error, to be raised once more."""
        copy = RuffError(self.message)
        copy.span, copy.source, copy.line, copy.cause = self.span, self.source, self.line, self.cause
        copy.stack = None if self.stack is None else list(self.stack)
        copy.added = dict(self.added)
        return copy


def thrown(value: Value, text: str) -> RuffError:
    """The error that `throw(value)` raises; `text` is the value's display text."""
    if not isinstance(value, StructValue):
        return RuffError(text)
    fields = value.fields
    message = fields.get("message")
    error = RuffError(message if isinstance(message, str) else f"{value.name} error")
    if "cause" in fields:
        error.cause = (share(fields["cause"]),)
    if value.name == "Error":
        _keep_history(error, value)
    return error


def _keep_history(error: RuffError, value: StructValue) -> None:
    stack, line = value.fields.get("stack"), value.fields.get("line")
    if isinstance(stack, ArrayValue):
        error.stack = [share(name) for name in stack.items]
    if type(line) is int:
        error.line = line
    if value.origin is not None and error.stack is not None and error.line is not None:
        error.span, error.source = value.origin
        error.added = {name: share(field) for name, field in value.fields.items() if name not in _OWN_FIELDS}


class TryReturn(Exception):
    """The `?` operator met an `Err` or `None`: the enclosing function returns it."""

    def __init__(self, value: ResultValue) -> None:
        super().__init__()
        self.value = value


class ExitRequest(BaseException):
    """`exit(code)`: ends the program; no Ruff code can catch it."""

    def __init__(self, code: int) -> None:
        super().__init__()
        self.code = code


class FatalError(BaseException):
    """An error that ends the program and that no Ruff code can catch."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Interrupted(BaseException):
    """The host wants the program to stop (Ctrl-C)."""
