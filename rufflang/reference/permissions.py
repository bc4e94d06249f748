"""What a program may do to the world outside it, as the evaluator asks for it."""

from __future__ import annotations

from typing import Protocol


class Permissions(Protocol):
    """The answers; `rufflang.run_options` has those of the command line."""

    def allows(self, capability: str) -> bool:
        """Whether a built-in that needs `capability` may run."""

    def denial(self, capability: str, function: str) -> str:
        """The message of the error raised when `function` is refused `capability`."""


class _AllPermissions:
    def allows(self, capability: str) -> bool:
        return True

    def denial(self, capability: str, function: str) -> str:
        raise AssertionError(f"{function} is allowed")


ALL_PERMISSIONS: Permissions = _AllPermissions()
