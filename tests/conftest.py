"""What every test may rely on.

Tests run in several processes.  One that measures time is marked `alone`: nothing else runs beside it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.cli.command import PROJECT, environment
from tests.conformance.fork_server import ForkServer
from tests.turns import Turns


def pytest_configure(config: pytest.Config) -> None:
    """Compiles the native runtime: the first run ever does that and says so on standard error."""
    if hasattr(config, "workerinput"):
        return
    subprocess.run(
        [sys.executable, "-m", "rufflang", "run", "examples/function_jit.ruff"],
        cwd=PROJECT,
        env=environment(),
        check=False,
        capture_output=True,
    )


@pytest.fixture(scope="session")
def fork_server() -> Iterator[ForkServer]:
    """What runs programs in a process that has everything loaded."""
    with ForkServer() as server:
        yield server


@pytest.fixture(scope="session")
def _turns(tmp_path_factory: pytest.TempPathFactory) -> Turns:
    """Shared by all processes of this test run."""
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    folder = tmp_path_factory.getbasetemp()
    return Turns(folder.parent if is_worker else folder)


@pytest.fixture(autouse=True)
def _turn(request: pytest.FixtureRequest, _turns: Turns) -> Iterator[None]:
    is_alone = request.node.get_closest_marker("alone") is not None
    with _turns.alone() if is_alone else _turns.together():
        yield
