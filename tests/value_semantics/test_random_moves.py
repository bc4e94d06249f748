"""Moving a value instead of sharing it is never to be seen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.cache_folders import link_vm
from tests.conformance import programs as conformance
from tests.conformance.ways_of_running import ENGINES, Engine, run
from tests.value_semantics.random_moves import program

FUNCTIONS = 7
EARLY = Engine("jit-early", ("--engine", "vm", "--jit", "sync", "--jit-threshold", "3", "--loop-threshold", "8"))
"""Compiles what has been seen, unlike code that is made at once; and surely, unlike the default."""


@pytest.mark.parametrize("seed", range(8, 12))
def test_functions_that_pass_containers_around_give_the_same_everywhere(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "moves.ruff"
    path.write_text(program(seed, FUNCTIONS), encoding="utf-8")
    by_engine = {}
    for engine in (*ENGINES, EARLY):
        # Code that another engine has left would hide what is wrong with code that this one makes.
        folder = tmp_path / engine.name
        link_vm(folder)
        own = replace(engine, environment=(*engine.environment, ("RUFFLANG_CACHE", str(folder))))
        by_engine[engine.name] = run(conformance.Program(path), own)
        if engine.name == "jit-early":
            by_engine["again"] = run(conformance.Program(path), own)
    expected = by_engine.pop("reference")
    assert expected.exit_code == 0 and len(expected.stdout.splitlines()) >= 2 * FUNCTIONS
    for name, result in by_engine.items():
        assert result == expected, name
