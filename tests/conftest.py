"""What every test may rely on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]


@pytest.fixture(scope="session", autouse=True)
def _runtime_is_compiled() -> None:
    """The first run ever compiles the native runtime and says so on standard error; tests come after that."""
    search_path = os.pathsep.join(filter(None, (str(PROJECT), os.environ.get("PYTHONPATH"))))
    subprocess.run(
        [sys.executable, "-m", "rufflang", "run", "examples/function_jit.ruff"],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": search_path},
        check=False,
        capture_output=True,
    )
