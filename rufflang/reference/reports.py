"""What the outside world learns of an error that nothing in the program caught."""

from __future__ import annotations

from dataclasses import dataclass

from rufflang.reference.errors import RuffError
from rufflang.reference.imports import Modules
from rufflang.reference.values import DictValue, StructValue, Value, type_name
from rufflang.source import MOST_LINES, Source
from rufflang.syntax.spans import Span


@dataclass(frozen=True)
class RuntimeErrorReport:
    """An uncaught error.  `call_stack` names the active functions, outermost first.

    `source` is the file that `line` and `column` are in, if they are known.
    """

    message: str
    line: int
    column: int
    span: Span | None
    call_stack: list[str]
    source: Source | None = None
    subject: tuple[str, ...] = ()
    """The type of the value that the error is about, if there is one, and the names of what it has."""
    origin: str | None = None
    """Where the error is in a module, if the import of that module failed because of it."""


def report_of(error: RuffError, modules: Modules) -> RuntimeErrorReport:
    """What there is to say about `error`."""
    span = error.span
    line = error.line or 0
    if not 0 < line <= MOST_LINES:
        line = 0
    if span is not None and span.line != line:
        span = None  # An error made by hand gives a line of its own.
    column = 0 if span is None else span.column
    names = [name if isinstance(name, str) else "?" for name in error.stack or []]
    subject = _describe(error.subject[0]) if error.subject else ()
    origin = modules.origin_of(error.message)
    return RuntimeErrorReport(error.message, line, column, span, names, error.source, subject, origin)


def _describe(value: Value) -> tuple[str, ...]:
    """The type of a value, and its keys, or its fields and methods."""
    if isinstance(value, DictValue):
        return "dict", *(str(key) for key in value.entries)
    if isinstance(value, StructValue):
        methods = [] if value.definition is None else list(value.definition.methods)
        return "struct", *value.fields, *methods
    return (type_name(value),)
