"""Tests run beside each other, unless one has to be alone."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.turns import Turns

AT_ONCE = 0.2
"""Seconds in which whatever may begin has begun."""


class Turn:
    """A thread that waits for its turn, and keeps it until it is told to end."""

    def __init__(self, turn: AbstractContextManager[None]) -> None:
        self._begun, self._may_end = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, args=(turn,))
        self._thread.start()

    def _run(self, turn: AbstractContextManager[None]) -> None:
        with turn:
            self._begun.set()
            self._may_end.wait()

    def has_begun(self) -> bool:
        return self._begun.wait(AT_ONCE)

    def end(self) -> None:
        self._may_end.set()
        self._thread.join()


@pytest.fixture
def turns(tmp_path: Path) -> Turns:
    return Turns(tmp_path)


def test_tests_run_together(turns: Turns) -> None:
    first, second = Turn(turns.together()), Turn(turns.together())
    assert first.has_begun() and second.has_begun()
    first.end()
    second.end()


def test_one_that_is_alone_waits_for_those_that_run_and_lets_no_other_begin(turns: Turns) -> None:
    running = Turn(turns.together())
    assert running.has_begun()
    alone = Turn(turns.alone())
    assert not alone.has_begun()
    later = Turn(turns.together())
    assert not later.has_begun()
    running.end()
    assert alone.has_begun() and not later.has_begun()
    alone.end()
    assert later.has_begun()
    later.end()
