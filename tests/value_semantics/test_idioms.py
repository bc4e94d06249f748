"""A large value that changes a little at a time is not copied."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.value_semantics.idioms import IDIOMS

STEPS = 10_000
FUEL = 30 * STEPS
"""Copying what there is in each step would take twenty times as much: 64 bytes of a large block are one unit."""


@pytest.mark.parametrize("name", IDIOMS)
def test_what_changes_a_little_is_not_copied(name: str, tmp_path: Path) -> None:
    path = tmp_path / "idiom.ruff"
    path.write_text(f"{IDIOMS[name]}\nprint(run({STEPS}) >= 0)\n", encoding="utf-8")
    command = [sys.executable, "-m", "rufflang", "run", "--fuel", str(FUEL), "--jit", "off", str(path)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.stdout, result.stderr) == ("true\n", "")
