"""What was written down beside the VM's machine code: the symbols of object files, and the table of builtins."""

from __future__ import annotations

import os
from marshal import loads

from rufflang.runtime.builtins.registry import Row, builtin_rows

# Type checkers take this for true; importing it would slow down everything that compiles.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from rufflang.lowpy.library import ObjectLibrary


def open_objects(place: str) -> ObjectLibrary | None:
    """The machine code of object files; None if there is none, or none that can be used."""
    table = _read_table(place)
    if table is None or not os.path.exists(f"{place}.objects"):
        return None
    from rufflang.lowpy.library import ObjectLibrary

    try:
        with open(f"{place}.objects", "rb") as file:
            return ObjectLibrary(loads(file.read()), "ruff-vm", table[0])
    except (OSError, EOFError, ValueError, TypeError, RuntimeError):
        return None


def rows_at(place: str) -> list[Row]:
    """The rows of builtins, in the order of their numbers."""
    table = _read_table(place)
    return builtin_rows() if table is None else [Row(*row) for row in table[1]]


def _read_table(place: str) -> tuple[list[str], list[tuple[Any, ...]]] | None:
    """The symbols of object files and the rows of builtins; None if they cannot be read."""
    try:
        with open(f"{place}.table", "rb") as file:
            symbols, rows = loads(file.read())
    except (OSError, EOFError, ValueError, TypeError):
        return None
    return symbols, rows
