"""Moving a value instead of sharing it is never to be seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance import programs as conformance
from tests.conformance.ways_of_running import ENGINES, run
from tests.value_semantics.random_moves import program

FUNCTIONS = 20


@pytest.mark.parametrize("seed", range(8, 14))
def test_functions_that_pass_containers_around_give_the_same_everywhere(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "moves.ruff"
    path.write_text(program(seed, FUNCTIONS), encoding="utf-8")
    by_engine = {engine.name: run(conformance.Program(path), engine) for engine in ENGINES}
    expected = by_engine.pop("reference")
    assert expected.exit_code == 0 and len(expected.stdout.splitlines()) >= 2 * FUNCTIONS
    for name, result in by_engine.items():
        assert result == expected, name
