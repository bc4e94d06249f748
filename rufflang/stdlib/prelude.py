"""The part of the prelude written in Ruff, and the constants."""

from __future__ import annotations

import math
from pathlib import Path

PRELUDE_NAMES = ("map", "filter", "reduce", "find", "any", "all")
"""Functions of `prelude.ruff`, in the order of their numbers after the native builtins."""

PRELUDE_ARITY = {"map": 2, "filter": 2, "reduce": 3, "find": 2, "any": 2, "all": 2}

CONSTANTS = {"PI": math.pi, "E": math.e}


def prelude_text() -> str:
    """The source of the Ruff part."""
    return (Path(__file__).parent / "prelude.ruff").read_text(encoding="utf-8")
