"""The part of the prelude written in Ruff, and the constants."""

from __future__ import annotations

import os

# Type checkers take this for true; importing `typing` to say so would slow down every start.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from rufflang.bytecode.prelude import BuiltinTable

PRELUDE_NAMES = ("map", "filter", "reduce", "find", "any", "all")
"""Functions of `prelude.ruff`, in the order of their numbers after the native builtins."""

PRELUDE_ARITY = {"map": 2, "filter": 2, "reduce": 3, "find": 2, "any": 2, "all": 2}

PRELUDE_METHODS = ((1, "reduce"),)
"""Those that may be written as methods, after the number of their method table (1: arrays)."""

CONSTANTS = {"PI": 3.141592653589793, "E": 2.718281828459045}


def builtin_table(native_numbers: dict[str, int], native_count: int) -> BuiltinTable:
    """What the compiler has to know about builtins: the native ones by number, and the prelude after them."""
    from rufflang.bytecode.prelude import BuiltinTable

    numbers = native_numbers | {name: native_count + index for index, name in enumerate(PRELUDE_NAMES)}
    return BuiltinTable(numbers, CONSTANTS, frozenset(PRELUDE_NAMES))


def prelude_place() -> str:
    """The path of the Ruff part."""
    return os.path.join(os.path.dirname(__file__), "prelude.ruff")


def prelude_text() -> str:
    """The source of the Ruff part."""
    with open(prelude_place(), encoding="utf-8") as file:
        return file.read()
