"""How many processors there are to work with, and threads that get out of each other's way."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from rufflang.interpreter import processors
from rufflang.interpreter.processors import step_aside, usable_processors


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


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="threads cannot be told where to run")
def test_a_thread_leaves_the_processor_of_another_one_if_there_are_several(monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = os.sched_getaffinity(0)
    taken = min(allowed)
    is_there, is_over = threading.Event(), threading.Event()

    def stay() -> None:
        os.sched_setaffinity(0, {taken})
        is_there.set()
        is_over.wait()

    other = threading.Thread(target=stay)
    other.start()
    try:
        is_there.wait()
        assert other.native_id is not None
        moves: list[set[int]] = []
        monkeypatch.setattr(os, "sched_setaffinity", lambda _, processors: moves.append(set(processors)))
        step_aside(other.native_id)
        assert moves == ([allowed - {taken}, allowed] if len(allowed) > 1 else [])
    finally:
        is_over.set()
        other.join()


def test_stepping_aside_from_a_thread_that_is_gone_does_nothing() -> None:
    step_aside(2**31 - 1)
