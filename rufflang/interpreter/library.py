"""What can be done with machine code once it is loaded, in whatever way that was."""

from __future__ import annotations

from typing import Protocol


class Library(Protocol):
    """Loaded machine code."""

    def address(self, symbol: str) -> int:
        """Address of a symbol."""
        ...
