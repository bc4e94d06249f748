"""Every parse message that a program can provoke, with its place."""

from __future__ import annotations

import pytest

from tests.syntax.support import complaints, first_complaint

BODIES = [
    ("func f()", "function body"),
    ("x := func()", "function expression body"),
    ("if a", "if block"),
    ("if a {} else", "else block"),
    ("while a", "while body"),
    ("loop", "loop body"),
    ("for a in b", "for loop body"),
    ("match a { case b", "match case block"),
    ("match a { default", "match default block"),
    ("try", "try block"),
    ("try {} except", "except block"),
    ("spawn", "spawn block"),
    ("x := spawn", "spawn block"),
    ('test "a"', "test body"),
    ("test_setup", "test_setup block"),
    ("test_teardown", "test_teardown block"),
    ('test_group "a"', "test_group body"),
    ("match a", "match body"),
    ("struct A", "struct body"),
    ("enum A", "enum body"),
]


@pytest.mark.parametrize(("start", "body"), BODIES)
def test_a_missing_opening_brace_is_named_after_its_body(start: str, body: str) -> None:
    assert first_complaint(f"{start} ]") == (
        f"Expected '{{' to start {body} but found Punctuation(']')",
        1,
        len(start) + 2,
    )


@pytest.mark.parametrize(("start", "body"), BODIES)
def test_a_missing_closing_brace_is_named_after_its_body(start: str, body: str) -> None:
    assert first_complaint(f"{start} {{\n") == (f"Expected '}}' to close {body} but found Eof", 2, 1)


@pytest.mark.parametrize(
    ("text", "message", "column"),
    [
        ("P { x: 1 y", """Expected '}' to close struct literal but found Identifier("y")""", 10),
        ('{"a": 1 2', "Expected '}' to close dictionary literal but found Int(2)", 9),
        ("let {a b} := c", """Expected '}' to close dictionary pattern but found Identifier("b")""", 8),
        ("{a, 1} := c", "Expected '}' to close dictionary pattern but found Int(1)", 5),
        ("[1 2", "Expected ']' to close array literal but found Int(2)", 4),
        ("a[1 2", "Expected ']' to close index expression but found Int(2)", 5),
        ("[a, 1.5] := c", "Expected ']' to close array pattern but found Float(1.5)", 5),
        ("[...a, b] := c", """Expected ']' to close array pattern but found Identifier("b")""", 8),
        ("func f {", "Expected '(' after function name but found Punctuation('{')", 8),
        ("x := func y", """Expected '(' after 'func' in function expression but found Identifier("y")""", 11),
        ("func f(a b", """Expected ')' to close function parameter list but found Identifier("b")""", 10),
        (
            'x := func("s"',
            """Expected ')' to close function expression parameter list but found String("s")""",
            11,
        ),
        ("f(1;", "Expected ')' to close function call arguments but found Punctuation(';')", 4),
        ("a.f(1;", "Expected ')' to close method call arguments but found Punctuation(';')", 6),
        ("A::B(1;", "Expected ')' to close tag expression arguments but found Punctuation(';')", 7),
        ("throw(1;", "Expected ')' to close throw(...) arguments but found Punctuation(';')", 8),
        ("Ok(1, 2)", "Expected ')' to close Ok(...) but found Punctuation(',')", 5),
        ("Err(1 2)", "Expected ')' to close Err(...) but found Int(2)", 7),
        ("Some(1}", "Expected ')' to close Some(...) but found Punctuation('}')", 7),
        ("(1 +=", """Expected ')' to close parenthesized expression but found Operator("+=")""", 4),
        ("match a { case B(c 1", "Expected ')' to close case pattern but found Int(1)", 20),
        ("for a b", """Expected 'in' in for loop but found Identifier("b")""", 7),
        ("try {} catch", """Expected 'except' after try block but found Identifier("catch")""", 8),
        (
            "from a let",
            """Expected 'import' after module name in from-import statement but found Keyword("let")""",
            8,
        ),
        (
            "let a true",
            "Expected assignment operator (':=' or '=') in let declaration but found Bool(true)",
            7,
        ),
        (
            "mut a += 1",
            """Expected assignment operator (':=' or '=') in let declaration but found Operator("+=")""",
            7,
        ),
        (
            'const a "${1}"',
            "Expected assignment operator (':=' or '=') in const declaration but found "
            "InterpolatedString([..])",
            9,
        ),
        ("match a { 1 }", "Expected '}' to close match body but found Int(1)", 11),
        ("struct A { 1 }", "Expected '}' to close struct body but found Int(1)", 12),
        ("enum A { B C }", """Expected '}' to close enum body but found Identifier("C")""", 12),
        ("f(a", "Expected ')' to close function call arguments but found Eof", 4),
        ("f(...xs)", "Expected expression", 6),
        ("else {}", "Invalid statement", 1),
        ("}", "Invalid statement", 1),
        ("let 5 := 1", "Invalid statement", 5),
        ("x := ) y", "Expected expression", 8),
        ("x := | y", "Expected expression", 8),
        ("x :=", "Expected expression", 5),
        ("1 + yield 2", "Expected expression", 11),
        ("f() := 2", "Invalid assignment target", 5),
        ("a?.b := 1", "Invalid assignment target", 6),
        ("(a) += 1", "Invalid assignment target", 5),
        ("[a] += 1", "Invalid assignment target", 5),
        (
            "a := b = 1",
            "Chained assignment is not supported; split the assignment into separate statements",
            8,
        ),
        (
            "let a := b += 1",
            "Chained assignment is not supported; split the assignment into separate statements",
            12,
        ),
        ("async x", "Expected 'func' after 'async'", 7),
        ("func (a) {}", "Expected function name after 'func'", 7),
        ("enum { A }", "Expected enum name after 'enum'", 8),
        ("struct { a }", "Expected struct name after 'struct'", 10),
        ("const 1 := 2", "Expected constant name after 'const'", 9),
        ("for 1 in a {}", "Expected loop variable name after 'for'", 7),
        ("test {}", "Expected test name string after 'test'", 7),
        ('test "${1}" {}', "Expected test name string after 'test'", 13),
        ("test_group a {}", "Expected group name string after 'test_group'", 14),
        ("from a import 1 b", "Expected imported symbol name", 17),
        ("from a import b, 1 c", "Expected imported symbol name", 20),
        ("import 1 a", "Expected module name after 'import'", 10),
        ("from 1 a", "Expected module name after 'from'", 8),
        ("from a.1 b", "Expected module path segment after '.' in from-import statement", 10),
        ("Ok 1", "Expected '(' after 'Ok'", 4),
        ("x := Err", "Expected '(' after 'Err'", 9),
        ("Some[1]", "Expected '(' after 'Some'", 5),
        ("x := {a}", "Expected ':' in dictionary literal", 8),
        ('"${}"', "Invalid interpolated string expression", 4),
        ('"${1 2}"', "Invalid interpolated string expression", 6),
        ('"${a := 1}"', "Invalid interpolated string expression", 6),
        ('"${1 +}"', "Expected expression", 7),
        ("a.1 b", "Expected member name after '.'", 5),
        ("a?.(1)", "Expected member name after '.'", 5),
        ("match a { case + {} }", "Expected case pattern", 16),
        ("match a { case -x {} }", "Expected case pattern", 16),
        ('match a { case "${1}" {} }', "Expected case pattern", 16),
        ("let a: 1 := 2", "Expected type name", 10),
        ("let a: Result := 2", "Expected '<' in Result<T, E> type annotation", 15),
        ("let a: Result<int> := 2", "Expected ',' in Result<T, E> type annotation", 18),
        ("let a: Result<int, int, int> := 2", "Expected '>' in Result<T, E> type annotation", 23),
        ("let a: Option := 2", "Expected '<' in Option<T> type annotation", 15),
        ("let a: Option<int, int> := 2", "Expected '>' in Option<T> type annotation", 18),
        ("let a: Option<int>= 2", "Expected '>' in Option<T> type annotation", 18),
    ],
)
def test_each_message_stands_at_its_place(text: str, message: str, column: int) -> None:
    assert first_complaint(text) == (message, 1, column)


def test_an_unclosed_call_is_found_at_the_end_of_the_file() -> None:
    assert complaints("print((1 + 2)\n") == [
        ("Expected ')' to close function call arguments but found Eof", 2, 1)
    ]


def test_chained_assignment_and_bad_targets_are_reported_together() -> None:
    assert complaints("a := b := 1\nf() := 2\n") == [
        ("Chained assignment is not supported; split the assignment into separate statements", 1, 8),
        ("Invalid assignment target", 2, 5),
    ]


def test_parsing_goes_on_inside_the_block_of_an_error() -> None:
    text = "func f() {\n    let := 1\n    f() := 2\n}\nfunc g() { return 1 }\na := b := 3\n"
    assert [(line, column) for _, line, column in complaints(text)] == [(2, 9), (3, 9), (6, 8)]


def test_a_semicolon_ends_what_an_error_skips() -> None:
    assert complaints("let + - * / ; x := 1; y := )") == [
        ("Invalid statement", 1, 5),
        ("Expected expression", 1, 29),
    ]


def test_all_interpolations_of_a_string_are_parsed() -> None:
    assert complaints('x := "${} ${1 +} ${1}"\ny := ]') == [
        ("Invalid interpolated string expression", 1, 9),
        ("Expected expression", 1, 16),
        ("Expected expression", 2, 7),
    ]


def test_stray_closing_braces_are_each_reported() -> None:
    assert complaints("a }\n} b") == [("Invalid statement", 1, 3), ("Invalid statement", 2, 1)]


def test_nothing_is_parsed_after_lexical_errors() -> None:
    assert complaints("x := ) @") == [("Invalid character: '@'", 1, 8)]
