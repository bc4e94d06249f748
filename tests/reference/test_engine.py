"""The evaluator as a component: streams, arguments, depth of recursion, interruption."""

from __future__ import annotations

import _thread
import io
import threading
import time

import pytest

from rufflang.reference import run
from tests.reference.support import lines_of, parsed, run_text


def test_ten_thousand_calls_with_nested_expressions_are_fine() -> None:
    assert lines_of("""
        func down(n) {
            if n == 0 { return 0 }
            return ((((((((1 + [down(n - 1)][0]))))))))
        }
        print(down(9999))
    """) == ["9999"]


def test_a_sum_of_fifty_thousand_terms_is_fine() -> None:
    assert lines_of("print(1" + " + 1" * 50000 + ")") == ["50001"]


def test_a_deep_chain_of_values_can_be_shown_and_compared() -> None:
    assert lines_of("""
        func chain(n) {
            c := End {}
            for i in n { c := Link { next: c } }
            return c
        }
        a := chain(100000)
        print(a == chain(100000), a == chain(99999), len(to_string(a)))
    """) == ["true false 1500008"]


def test_output_goes_out_as_utf8_with_plain_line_ends() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="latin-1", newline="\r\n", write_through=True)
    program, source = parsed('print("é→")')
    run(program, source, stdout=stream)
    assert raw.getvalue() == "é→\n".encode()


def test_input_shows_its_prompt_and_strips_the_line() -> None:
    ran = run_text('print("<" + input("name? ") + ">", input(), args())', stdin="Bo  \r\n", arguments=["x"])
    assert ran.lines == ["name? <Bo>  [x]"]


def test_ctrl_c_stops_the_program_and_is_passed_on() -> None:
    program, source = parsed("n := 0\nwhile true { n += 1 }")
    before = threading.active_count()
    timer = threading.Timer(0.3, _thread.interrupt_main)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        run(program, source, stdout=io.StringIO())
    timer.join()
    deadline = time.monotonic() + 2
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() == before
