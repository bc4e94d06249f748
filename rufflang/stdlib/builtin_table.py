"""What the compiler has to know about builtins: the native ones, those of the prelude, and the constants."""

from __future__ import annotations

from rufflang.bytecode.prelude import BuiltinTable
from rufflang.runtime.builtins.registry import Row, builtin_numbers
from rufflang.stdlib.prelude import PRELUDE_NAMES

CONSTANTS = {"PI": 3.141592653589793, "E": 2.718281828459045}


def builtin_table(rows: list[Row]) -> BuiltinTable:
    """The table for native builtins with these rows; the prelude's have the numbers after them."""
    numbers = builtin_numbers(rows) | {name: len(rows) + index for index, name in enumerate(PRELUDE_NAMES)}
    return BuiltinTable(numbers, CONSTANTS, frozenset(PRELUDE_NAMES))
