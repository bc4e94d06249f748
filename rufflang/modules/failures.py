"""The two ways in which loading a module ends without a module."""

from __future__ import annotations


class ModuleFailure(Exception):
    """The import statement raises an error with this message."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class EvaluationFailure(Exception):
    """The module was found and parsed, but it may not run, or it ended with an error: this is its message."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def of_module(self, name: str) -> ModuleFailure:
        """What the import statement makes of it."""
        return ModuleFailure(f"Failed to evaluate module '{name}': {self.message}")
