"""The static errors, with their places."""

from __future__ import annotations

import pytest

from rufflang.syntax import Source, check_program, parse
from tests.syntax.support import static_complaints

BREAK = "break can only be used inside a loop"
CONTINUE = "continue can only be used inside a loop"
YIELD = "Yield can only be used inside generator functions"


@pytest.mark.parametrize(
    ("text", "message", "column"),
    [
        ("break", BREAK, 1),
        ("continue", CONTINUE, 1),
        ("while a { x := func() { break } }", BREAK, 25),
        ("for a in b { func f() { continue } }", CONTINUE, 25),
        ("loop { spawn { break } }", BREAK, 16),
        ('loop { test "t" { break } }', BREAK, 19),
        ("match a { case b: break }", BREAK, 19),
        ("match a { default { continue } }", CONTINUE, 21),
        ("while (func() { break })() {}", BREAK, 17),
        ("yield 1", YIELD, 1),
        ("func f() { yield }", YIELD, 12),
        ("func* f() { g := func() { yield 1 } }", YIELD, 27),
        ("func* f() { spawn { yield 1 } }", YIELD, 21),
        ("async func f() { x := [yield 1] }", YIELD, 24),
        ("x := throw()", "throw() requires exactly one argument", 6),
        ("throw(1, 2)", "throw() requires exactly one argument", 1),
        ("Result::Ok()", "Result::Ok(...) requires exactly one argument", 1),
        ("x := Result::Err", "Result::Err(...) requires exactly one argument", 6),
        ('"${Option::Some(1, 2)}"', "Option::Some(...) requires exactly one argument", 4),
        ("Option::None(1)", "Option::None takes no arguments", 1),
        ("func f(a, b, a) {}", "Duplicate declaration in the same scope: a", 14),
        ("x := func(self, self) {}", "Duplicate declaration in the same scope: self", 17),
        ("struct S { func m(a, a) {} }", "Duplicate declaration in the same scope: a", 22),
        ("struct S { func* m(self) {} }", "Generator methods are not supported for structs: S.m", 12),
        ("struct S { x: int = 1, y, x }", "Duplicate field in struct S: x", 27),
        ("struct S { func m() {} x func m() {} }", "Duplicate method in struct S: m", 26),
        ("func f() { struct S { x x } }", "Duplicate field in struct S: x", 25),
        ("struct S { x = throw() }", "throw() requires exactly one argument", 16),
        ("export x := {1: P { a: throw() }}", "throw() requires exactly one argument", 24),
        ("try { } except e { a.b(c[throw()]) }", "throw() requires exactly one argument", 26),
        ("match a { case b if throw() {} }", "throw() requires exactly one argument", 21),
        ("a |> b ?? -throw()", "throw() requires exactly one argument", 12),
        ("[a] := await (throw())?", "throw() requires exactly one argument", 15),
        ("return [...throw()]", "throw() requires exactly one argument", 12),
    ],
)
def test_each_static_error_is_found_at_its_place(text: str, message: str, column: int) -> None:
    assert static_complaints(text) == [(message, 1, column)]


@pytest.mark.parametrize(
    "text",
    [
        "while a { if b { break } else { continue } }",
        "loop { match a { case b: break default { try { continue } except { break } } } }",
        "func* f() { for a in b { if c { x := yield yield } } }",
        "async func* f() { yield 1 }",
        "x := func* () { yield }",
        "throw(1); Result::Ok(1); Option::None; Option::None(); Other::None(1)",
        "func f(a) { x := func(a) {} }",
        "struct S { func m(self) {} func n(self) {} }",
    ],
)
def test_correct_programs_pass(text: str) -> None:
    assert static_complaints(text) == []


def test_errors_are_in_order_of_place() -> None:
    text = "func f(a, a) { break }\nyield\nx := [throw(), throw(1, 2)]\ncontinue"
    assert [(line, column) for _, line, column in static_complaints(text)] == [
        (1, 11),
        (1, 16),
        (2, 1),
        (3, 7),
        (3, 16),
        (4, 1),
    ]


def test_static_errors_are_compilation_errors_of_the_vm() -> None:
    result = parse(Source("test.ruff", "break"))
    assert result.program is not None
    (error,) = check_program(result.program)
    assert (error.code, error.subsystem, error.severity, error.help) == ("RUFVM001", "vm", "error", None)
    assert error.message == "Compilation error: " + BREAK
