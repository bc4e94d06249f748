"""How many processors there are to work with."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rufflang.interpreter import processors
from rufflang.interpreter.processors import usable_processors


@pytest.mark.parametrize("quota, expected", [("max 100000", 8), ("250000 100000", 2), ("50000 100000", 0), (None, 8)])
def test_a_container_may_have_fewer_processors_than_its_processes_run_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, quota: str | None, expected: int
) -> None:
    if quota is not None:
        (tmp_path / "cpu.max").write_text(quota + "\n")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    monkeypatch.setattr(processors, "_QUOTA", str(tmp_path / "cpu.max"))
    assert usable_processors() == expected


def test_where_it_is_not_known_on_which_processors_a_process_may_run_it_is_all(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    monkeypatch.setattr(processors, "_QUOTA", str(tmp_path / "none"))
    assert usable_processors() == 3
