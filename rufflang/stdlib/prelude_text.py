"""The source of the part of the prelude that is written in Ruff."""

from __future__ import annotations

import os


def prelude_place() -> str:
    """Its path."""
    return os.path.join(os.path.dirname(__file__), "prelude.ruff")


def prelude_text() -> str:
    """Its text."""
    with open(prelude_place(), encoding="utf-8") as file:
        return file.read()
