"""Spawned blocks as threads: how they report, how they stop, what crosses."""

from __future__ import annotations

import io
import threading

import pytest

from rufflang.reference import Outcome, RuntimeErrorReport, run
from tests.reference.support import lines_of, parsed, run_text


def run_with_errors(text: str) -> tuple[Outcome, str, str]:
    """The outcome, the output and the error output of a program."""
    program, source = parsed(text)
    output, errors = io.StringIO(), io.StringIO()
    outcome = run(program, source, stdout=output, stderr=errors)
    return outcome, output.getvalue(), errors.getvalue()


def test_an_error_ends_only_its_block_and_is_reported_with_place_and_call_stack() -> None:
    program, source = parsed("""
func fails() { return 1 / 0 }
func outer() { return fails() }
ch := channel()
spawn { outer() }
print(ch.receive())
""")
    output, reports = io.StringIO(), list[RuntimeErrorReport]()
    outcome = run(program, source, report_block_error=reports.append, stdout=output)
    assert (outcome.exit_code, output.getvalue()) == (0, "null\n")
    assert [(report.message, report.line, report.call_stack) for report in reports] == [
        ("Division by zero", 2, ["outer", "fails"])
    ]


def test_exit_in_a_block_ends_the_program() -> None:
    outcome, output, _ = run_with_errors("spawn { exit(3) }\nloop { sleep(5) }\nprint(1)")
    assert (outcome.exit_code, output) == (3, "")


@pytest.mark.parametrize("block", ["loop { }", "sleep(60000)", "channel().receive()", "await async_sleep(60000)"])
def test_blocks_stop_when_the_program_has_ended(block: str) -> None:
    before = threading.active_count()
    assert lines_of(f"spawn {{ {block} }}\nsleep(30)\nprint(1)") == ["1"]
    assert threading.active_count() == before


def test_a_hundred_blocks_can_run_at_once() -> None:
    assert lines_of("""
        ch := channel()
        for i in 100 { spawn { ch.send(i) } }
        total := 0
        for i in 100 { total += ch.receive() }
        print(total)
    """) == ["4950"]


def test_values_of_any_depth_cross() -> None:
    assert lines_of("""
        c := End {}
        for i in 20000 { c := Link { next: c } }
        to := channel()
        back := channel()
        spawn { back.send(to.receive()) }
        to.send(c)
        print(back.receive() == c)
    """) == ["true"]


def test_a_handle_inside_a_message_does_not_cross() -> None:
    assert lines_of("""
        async func f() { return 1 }
        to := channel()
        spawn { to.receive() }
        try { to.send([f()]) } except e { print(e.message) }
        to.send(1)
    """) == ["Cannot send a promise to another thread"]


def test_functions_sent_to_another_thread_see_copies_of_their_variables() -> None:
    assert lines_of("""
        n := 1
        to := channel()
        back := channel()
        spawn {
            f := to.receive()
            back.send([f(), f()])
        }
        to.send(func() {
            n += 1
            return n
        })
        print(back.receive(), n)
    """) == ["[2, 3] 1"]


def test_stores_of_two_runs_are_separate() -> None:
    assert lines_of('shared_set("k", 1)\nprint(shared_has("k"))') == ["true"]
    assert lines_of('print(shared_has("k"))') == ["false"]


def test_a_static_scope_copied_once_is_shared_by_its_functions() -> None:
    ran = run_text("""
        func make() {
            mut n := 0
            return {"add": func(by) { n += by }, "get": func() { return n }}
        }
        counter := make()
        ch := channel()
        spawn {
            counter.add(5)
            ch.send([counter.get(), counter.add == counter.add])
        }
        print(ch.receive(), counter.get())
    """)
    assert ran.lines == ["[5, true] 0"]
