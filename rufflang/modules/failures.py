"""The two ways in which loading a module ends without a module."""

from __future__ import annotations

# Type checkers take this for true; programs that import nothing that fails have no use for spans.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.source import Source
    from rufflang.syntax.spans import Span


class ModuleFailure(Exception):
    """The import statement raises an error with this message."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class EvaluationFailure(Exception):
    """The module was found and parsed, but it may not run, or it ended with an error: this is its message.

    `origin` says where that error is, as far as it is known.
    """

    def __init__(self, message: str, origin: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.origin = origin

    def of_module(self, name: str) -> ModuleFailure:
        """What the import statement makes of it."""
        return ModuleFailure(f"Failed to evaluate module '{name}': {self.message}")


def origin_in(source: Source | None, span: Span | None) -> str | None:
    """Where an error in a module is, as reports write places."""
    return None if source is None or span is None else f"{source.name}:{span.line}:{span.column}"
