"""In the background nothing is compiled for a program that is over soon after it got hot."""

from __future__ import annotations

import textwrap
import time
from pathlib import Path

import pytest

import rufflang.host.jit_link
import rufflang.jit.noting
import rufflang.jit.patience
import rufflang.jit.work_record
from rufflang.cli.front_end import checked_program
from rufflang.engine import run_program
from rufflang.foreign import Word64, addressof
from rufflang.host.jit_link import JitLink
from rufflang.jit.manager import JitManager
from rufflang.jit.memory import Memory
from rufflang.jit.noting import KEEPING_SECONDS, SHORTEST_SECONDS, NotedRequests
from rufflang.jit.patience import Patience
from rufflang.run_options import DEFAULT_LOOP_THRESHOLD, RunOptions
from rufflang.runtime.values import INT
from rufflang.syntax import Source

pytestmark = pytest.mark.alone

TEXT = """
    func add(a, b) { return a + b }
    mut total := 0
    for i in 3000 { total = add(total, i) }
    print(total)
"""


@pytest.fixture
def managers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[JitManager]:
    """What has been made to answer requests of programs for which no code is kept."""
    made: list[JitManager] = []
    new_manager = JitLink._new_manager

    def noted(link: JitLink, patience: Patience | None) -> JitManager:
        made.append(new_manager(link, patience))
        return made[-1]

    monkeypatch.setattr(JitLink, "_new_manager", noted)
    monkeypatch.setattr(rufflang.host.jit_link, "book_place", lambda *_: str(tmp_path / "none.book"))
    return made


def run(text: str) -> None:
    loaded = checked_program(Source("program.ruff", textwrap.dedent(text)))
    assert run_program(loaded.program, loaded.source, RunOptions(jit="on")).exit_code == 0


def test_a_program_that_is_over_soon_imports_nothing_that_compiles(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], managers: list[JitManager]
) -> None:
    # More than the test may take: the end of the program has to end the waiting.
    monkeypatch.setattr(rufflang.jit.noting, "SHORTEST_SECONDS", 3600)
    run(TEXT)
    assert (capfd.readouterr().out, managers) == ("4498500\n", [])


def test_what_was_noted_of_a_program_that_ran_a_while_is_passed_on_at_its_end(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], managers: list[JitManager]
) -> None:
    asked: list[tuple[int, int, list[int]]] = []

    def wait_for_the_end(patience: Patience, seconds: float) -> None:
        while not patience.is_over:
            time.sleep(0.001)

    monkeypatch.setattr(rufflang.jit.noting, "SHORTEST_SECONDS", 0.0)
    monkeypatch.setattr(rufflang.jit.work_record, "is_code_due", lambda *_: True)
    monkeypatch.setattr(Patience, "wait", wait_for_the_end)
    monkeypatch.setattr(JitManager, "make_afterwards", lambda self, noted: asked.extend(noted))
    run(TEXT)
    assert (capfd.readouterr().out, len(managers)) == ("4498500\n", 1)
    # The function, and the loop with what its registers hold.
    assert sorted((index >= 0, INT in tags) for _, index, tags in asked) == [(False, False), (True, True)]


def test_a_loop_asks_for_code_once(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    asked: list[int] = []
    monkeypatch.setattr(JitLink, "on_request", lambda self, number, index, frame: asked.append(index))
    run("mut t := 0\nfor i in 5000 { t = t + i }\nprint(t)")
    assert (capfd.readouterr().out, len(asked)) == ("12497500\n", 1)


def test_a_loop_whose_code_is_installed_looks_for_it_in_the_next_round() -> None:
    words = (Word64 * 2)(0, 1 << 63 | 5 << 32 | 17)
    function = Word64(addressof(words))
    memory = Memory.__new__(Memory)
    memory._places = {"Proto.code": 0}
    memory.expire_count(addressof(function), 0)
    number, count = words[1] >> 32, words[1] & 0xFFFFFFFF
    assert (number, count + 1 < 1 << 32) == (1 << 31 | 5, True)
    assert count >= DEFAULT_LOOP_THRESHOLD


def test_notes_are_taken_only_where_no_earlier_run_has_left_code(
    managers: list[JitManager], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rufflang.jit.noting, "SHORTEST_SECONDS", 3600)
    run(TEXT)
    assert managers == []
    (tmp_path / "none.book").write_bytes(b"")
    run(TEXT)
    assert len(managers) == 1


class RunThatIsOver(NotedRequests):
    """Tells what is done at the end of a run; whether code is due is what `is_due` says."""

    def __init__(self, is_due: bool) -> None:
        self.done: list[str] = []
        self.due = is_due

    def _is_due(self, worked: float) -> bool:
        self.done.append("asked")
        return self.due

    def _leave_copy(self, worked: float | None) -> bool:
        self.done.append("left a copy" if worked is None else "left a copy that asks")
        return True

    def _have_made(self) -> None:
        self.done.append("had made here")


@pytest.mark.parametrize("worked, may_leave_a_copy, is_due, expected", [
    (0.9 * SHORTEST_SECONDS, True, True, []),
    (0.9 * KEEPING_SECONDS, True, False, ["asked"]),
    (0.9 * KEEPING_SECONDS, True, True, ["asked", "left a copy"]),
    (KEEPING_SECONDS, True, True, ["left a copy that asks"]),
    (KEEPING_SECONDS, False, False, ["asked"]),
    (KEEPING_SECONDS, False, True, ["asked", "had made here"]),
])  # fmt: skip
def test_a_run_that_is_long_enough_by_itself_leaves_it_to_the_copy_to_find_out_whether_code_is_due(
    worked: float, may_leave_a_copy: bool, is_due: bool, expected: list[str]
) -> None:
    run = RunThatIsOver(is_due)
    run._finish(worked, may_leave_a_copy)
    assert run.done == expected


@pytest.mark.parametrize("is_free, limit", [(True, "PREPARING_SECONDS"), (False, "BEGINNING_SECONDS")])
def test_without_a_free_processor_a_program_works_longer_before_anything_gets_ready(
    monkeypatch: pytest.MonkeyPatch, is_free: bool, limit: str
) -> None:
    monkeypatch.setattr(rufflang.jit.patience, "_has_free_processor", lambda: is_free)
    worked = 0.0

    def work(seconds: float) -> None:
        nonlocal worked
        worked += 0.001

    monkeypatch.setattr(rufflang.jit.patience, "process_time", lambda: worked)
    monkeypatch.setattr(rufflang.jit.patience, "sleep", work)
    Patience().wait_for_a_processor()
    assert worked == pytest.approx(getattr(rufflang.jit.patience, limit), abs=0.006)
