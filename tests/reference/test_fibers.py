"""Generators and tasks as parts of the evaluator: what they cost, how they end, what they need."""

from __future__ import annotations

import _thread
import gc
import io
import sys
import threading
import weakref
from typing import Any

import pytest

from rufflang.reference import generators, run
from rufflang.reference.scheduler import Task
from tests.reference.support import lines_of, parsed, run_text

COUNT = "func* count(n) { for i in n { yield i } }\n"


def test_ten_thousand_generators_can_be_alive_at_once() -> None:
    assert lines_of(COUNT + """
        live := []
        for i in 10000 {
            g := count(i + 2)
            g.next()
            live := push(live, g)
        }
        total := 0
        for g in live { match g.next() { case Some(v) { total += v } } }
        print(total)
    """) == ["10000"]


def test_an_unfinished_generator_is_given_up_when_nothing_refers_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[weakref.ref[generators.GeneratorValue]] = []
    create = generators.GeneratorValue.__init__

    def remember(self: generators.GeneratorValue, *arguments: object) -> None:
        create(self, *arguments)  # type: ignore[arg-type]
        made.append(weakref.ref(self))

    monkeypatch.setattr(generators.GeneratorValue, "__init__", remember)
    ran = run_text(COUNT + "func use() { return count(5).next() }\nfor i in 100 { use() }\nprint(1 / 0)")
    gc.collect()
    assert ran.error.message == "Division by zero"
    assert len(made) == 100
    assert not any(reference() is not None for reference in made)


def test_no_task_that_outlives_its_thread_knows_the_fiber_on_which_that_began(monkeypatch: pytest.MonkeyPatch) -> None:
    """That fiber goes with its thread, and the collector would run into what is left of it."""
    made: list[Task] = []
    create = Task.__init__

    def remember(self: Task, *arguments: Any) -> None:
        create(self, *arguments)
        made.append(self)

    monkeypatch.setattr(Task, "__init__", remember)
    assert lines_of("""
        async func f(n) { await async_sleep(1)
            return n }
        func* g() { yield await f(1) }
        p := f(2)
        print(g().next(), await p)
        f(3)
    """) == ["Some(1) 2"]
    fibers = [task.fiber for task in made if task.fiber is not None]
    assert len(made) == 4 and fibers
    assert all(fiber.parent is not None for fiber in fibers)


def test_a_depth_limit_counts_generators_and_tasks_that_start_each_other() -> None:
    assert run_text("func* g(n) { for x in g(n + 1) { yield x } }\ng(0).next()", max_depth=50).error.message == (
        "Maximum VM call stack depth of 50 exceeded while calling g"
    )
    assert run_text("async func f() { await f() }\nawait f()", max_depth=50).error.message == (
        "Maximum VM call stack depth of 50 exceeded while calling f"
    )


@pytest.mark.parametrize("use", ["func* g() { yield 1 }\ng().next()", "async func f() { }\nf()"])
def test_without_greenlet_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch, use: str) -> None:
    monkeypatch.setitem(sys.modules, "greenlet", None)
    error = run_text(f"try {{\n{use}\n}} except e {{ print(e) }}").error
    assert "python -m pip install 'rufflang[reference]'" in error.message


def test_programs_without_generators_and_tasks_do_without_greenlet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "greenlet", None)
    assert lines_of("print([1, 2].map(func(x) { return x * 2 }).collect())") == ["[2, 4]"]


@pytest.mark.parametrize("waiting", [
    "async func f() { await async_sleep(60000) }\nawait f()",
    "func* g() { await async_sleep(60000)\nyield 1 }\ng().next()",
    "ch := channel()\nasync_sleep(60000)\nch.receive()",
    "spawn { loop { } }\nchannel().receive()",
    "func* g() { loop { } yield 1 }\ng().next()",
], ids=["task", "generator", "channel", "block", "busy generator"])
def test_ctrl_c_stops_a_program_that_waits(waiting: str) -> None:
    program, source = parsed(waiting)
    timer = threading.Timer(0.3, _thread.interrupt_main)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        run(program, source, stdout=io.StringIO(), stderr=io.StringIO())
    timer.join()


def test_waiting_for_promises_is_limited() -> None:
    program, source = parsed("async func f() { await async_sleep(60000) }\nf()\nf()\nprint(1)")
    output = io.StringIO()
    outcome = run(program, source, stdout=output, scheduler_timeout_ms=50)
    assert outcome.exit_code == 4
    assert outcome.error is not None
    assert outcome.error.message == "Scheduler timed out after 50ms (1 rounds, 2 pending)"
    assert output.getvalue() == "1\n"


def test_a_task_that_awaits_itself_runs_into_the_limit() -> None:
    program, source = parsed("p := null\nasync func f() { await async_sleep(1)\nawait p }\np := f()\nawait p")
    outcome = run(program, source, scheduler_timeout_ms=50)
    assert outcome.error is not None and outcome.error.message.startswith("Scheduler timed out after 50ms (")
