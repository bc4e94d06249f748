"""The part of the prelude written in Ruff, and the constants."""

from __future__ import annotations

import math
import os

PRELUDE_NAMES = ("map", "filter", "reduce", "find", "any", "all")
"""Functions of `prelude.ruff`, in the order of their numbers after the native builtins."""

PRELUDE_ARITY = {"map": 2, "filter": 2, "reduce": 3, "find": 2, "any": 2, "all": 2}

PRELUDE_METHODS = ((1, "reduce"),)
"""Those that may be written as methods, after the number of their method table (1: arrays)."""

CONSTANTS = {"PI": math.pi, "E": math.e}


def prelude_place() -> str:
    """The path of the Ruff part."""
    return os.path.join(os.path.dirname(__file__), "prelude.ruff")


def prelude_text() -> str:
    """The source of the Ruff part."""
    with open(prelude_place(), encoding="utf-8") as file:
        return file.read()
