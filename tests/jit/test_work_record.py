"""At the end of which run code is made for a program that is over before any was."""

from __future__ import annotations

import _thread
import time
from pathlib import Path

import pytest

from rufflang.jit.noting import KEEPING_SECONDS
from rufflang.jit.work_record import begin_anew, is_code_due

pytestmark = pytest.mark.alone

HALF_OF_IT = 0.6 * KEEPING_SECONDS


@pytest.fixture(autouse=True)
def record_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RUFFLANG_CACHE", str(tmp_path / "records"))
    return tmp_path / "records"


def after(worked: float) -> bool:
    """Whether a run that has worked for so long is the one that has code made."""
    return is_code_due("version", "program", worked)


def test_a_run_that_worked_long_enough_has_code_made_and_no_other() -> None:
    assert [after(2 * KEEPING_SECONDS) for _ in range(4)] == [True, False, False, False]


def test_shorter_runs_have_code_made_once_they_worked_as_long_together() -> None:
    assert [after(HALF_OF_IT) for _ in range(4)] == [False, True, False, False]


def test_runs_that_hardly_worked_never_count(record_folder: Path) -> None:
    assert not any(after(0.0) for _ in range(100))
    assert not record_folder.exists()


def test_when_nothing_came_of_it_another_run_tries_much_later() -> None:
    due = [number for number in range(200) if after(KEEPING_SECONDS)]
    assert due[0] == 0
    assert 30 <= due[1] <= 40
    assert len(due) == 2


def test_what_is_still_missing_when_code_was_kept_is_made_after_as_much_work_again() -> None:
    assert after(2 * KEEPING_SECONDS)
    begin_anew("version", "program")
    assert [after(HALF_OF_IT) for _ in range(3)] == [False, True, False]


def test_of_many_runs_at_the_same_time_one_has_code_made() -> None:
    answers: list[bool] = []
    for _ in range(20):
        _thread.start_new_thread(lambda: answers.append(after(HALF_OF_IT)), ())
    end = time.monotonic() + 20
    while len(answers) < 20 and time.monotonic() < end:
        time.sleep(0.005)
    assert sorted(answers) == [False] * 19 + [True]


def test_where_nothing_can_be_written_no_code_is_made(record_folder: Path) -> None:
    record_folder.write_text("a file where a folder should be")
    assert not after(1.0)
