"""What the VM has to know of the part of the prelude that is written in Ruff."""

from __future__ import annotations

PRELUDE_NAMES = ("map", "filter", "reduce", "find", "any", "all")
"""Functions of `prelude.ruff`, in the order of their numbers after the native builtins."""

PRELUDE_ARITY = {"map": 2, "filter": 2, "reduce": 3, "find": 2, "any": 2, "all": 2}

PRELUDE_METHODS = ((1, "reduce"),)
"""Those that may be written as methods, after the number of their method table (1: arrays)."""
