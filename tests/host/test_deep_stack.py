"""Tasks on a deep native stack."""

from __future__ import annotations

import _thread
import signal
import threading
import time

import pytest

from rufflang.host.deep_stack import on_deep_stack

pytestmark = pytest.mark.alone


def test_the_task_runs_on_another_thread_before_the_call_returns() -> None:
    seen: list[int] = []
    on_deep_stack(lambda: seen.append(threading.get_ident()), lambda: None)
    assert seen and seen != [threading.get_ident()]


def test_what_the_task_raises_arrives() -> None:
    def fail() -> None:
        raise LookupError("inside")

    with pytest.raises(LookupError, match="inside"):
        on_deep_stack(fail, lambda: None)


def test_other_threads_keep_their_stack_size() -> None:
    before = _thread.stack_size()
    on_deep_stack(lambda: None, lambda: None)
    assert _thread.stack_size() == before


def interrupt_soon() -> None:
    time.sleep(0.2)
    main_thread = threading.main_thread().ident
    assert main_thread is not None
    signal.pthread_kill(main_thread, signal.SIGINT)


def test_an_interrupted_task_is_asked_to_stop_and_waited_for() -> None:
    stop = threading.Event()
    ended: list[bool] = []

    def task() -> None:
        ended.append(stop.wait(10))

    threading.Thread(target=interrupt_soon).start()
    with pytest.raises(KeyboardInterrupt):
        on_deep_stack(task, stop.set)
    assert ended == [True]


def test_a_task_that_does_not_listen_is_abandoned_soon() -> None:
    asked: list[float] = []
    release = threading.Event()

    def task() -> None:
        release.wait(10)

    threading.Thread(target=interrupt_soon).start()
    try:
        with pytest.raises(KeyboardInterrupt):
            on_deep_stack(task, lambda: asked.append(time.monotonic()))
        assert asked and time.monotonic() - asked[0] < 1
    finally:
        release.set()


def test_an_interruption_that_does_not_wake_the_waiting_thread_is_noticed() -> None:
    interrupted = threading.Event()

    def task() -> None:
        # A signal that another thread receives is Python's to handle on the main one, which sleeps on.
        signal.pthread_kill(threading.get_ident(), signal.SIGINT)
        interrupted.wait(5)

    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        on_deep_stack(task, interrupted.set)
    assert interrupted.is_set() and time.monotonic() - started < 2
