"""What an error says about where it happened, and what becomes of it."""

from __future__ import annotations

from tests.reference.support import lines_of, message_of, run_text


def test_an_uncaught_error_points_at_the_innermost_failing_expression() -> None:
    error = run_text("x := 1\ny := [1,\n    2 + x.name]\n").error
    assert error.message == "Cannot access field or method 'name' on non-struct value"
    assert (error.line, error.column) == (3, 9)


def test_an_uncaught_error_knows_the_active_functions_outermost_first() -> None:
    error = run_text("""struct S {
    func m(self) { return map([1], func(v) { return v.go() }) }
}
func start() { return S {}.m() }
start()
""").error
    assert error.message == "Unknown method: go"
    assert error.call_stack == ["start", "S.m", "<lambda>"]
    assert error.line == 2


def test_a_wrong_argument_count_is_located_in_the_caller() -> None:
    error = run_text("func f(a) { return a }\nfunc g() {\n    return f()\n}\ng()\n").error
    assert (error.message, error.line, error.call_stack) == ("f expects 1 arguments, got 0", 3, ["g"])


def test_throwing_a_caught_error_again_keeps_its_place() -> None:
    error = run_text("""func fail() {
    throw("inner")
}
try { fail() } except e {
    e.note := "seen"
    throw(e)
}
""").error
    assert (error.message, error.line, error.column, error.call_stack) == ("inner", 2, 5, ["fail"])


def test_an_error_struct_made_by_hand_keeps_the_history_it_has() -> None:
    assert lines_of("""
        func f(e) { throw(e) }
        try { f(Error { message: "m", stack: ["a"], line: 7, cause: [1] }) } except e { print(e) }
        try { f(Error { line: "no" }) } except e { print(e.message, e.stack) }
    """) == ["Error { cause: [1], line: 7, message: m, stack: [a] }", "Error error [f]"]


def test_an_error_in_a_handler_replaces_the_first_one() -> None:
    assert message_of("try { 1 / 0 } except e { [1][4] }") == "Index out of bounds: 4"


def test_exceeding_the_call_depth_is_an_ordinary_error_and_the_limit_is_configurable() -> None:
    ran = run_text(
        "func f(n) { return map([n], func(x) { return f(x + 1) }) }\n"
        "try { f(0) } except e { print(e.message, len(e.stack)) }",
        max_depth=7,
    )
    assert ran.lines == ["Maximum VM call stack depth of 7 exceeded while calling <lambda> 7"]


def test_return_break_and_continue_leave_try_blocks_normally() -> None:
    assert lines_of("""
        func f() {
            for i in 4 {
                try {
                    if i == 0 { continue }
                    throw("x")
                } except e {
                    if i == 2 { return i }
                    print("caught", i)
                }
            }
        }
        print(f())
    """) == ["caught 1", "2"]


def test_exit_cannot_be_caught_and_gives_its_code() -> None:
    ran = run_text("try { map([1], func(x) { exit(x + 2.9) }) } except e { print(e) }\nprint(2)")
    assert (ran.lines, ran.outcome.exit_code, ran.outcome.error) == ([], 3, None)


def test_the_try_operator_at_the_top_level_ends_the_program_successfully() -> None:
    ran = run_text("print(1)\nErr(2)?\nprint(3)")
    assert (ran.lines, ran.outcome.exit_code) == (["1"], 0)
