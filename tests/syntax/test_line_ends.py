"""Where line ends matter: rules N1 and N2."""

from __future__ import annotations

import pytest

from tests.syntax.support import complaints, sketches


@pytest.mark.parametrize("bracket", ["(b)", "[b]", "{b: 1}"])
def test_a_bracket_that_starts_a_line_starts_a_statement(bracket: str) -> None:
    assert len(sketches(f"x := a\n{bracket}")) == 2
    assert len(sketches(f"x := a /* \n */ {bracket}")) == 2


@pytest.mark.parametrize("bracket", ["(b)", "[b]", "{b: 1}"])
def test_a_bracket_on_the_same_line_continues(bracket: str) -> None:
    assert len(sketches(f"x := a{bracket}")) == 1
    assert len(sketches(f"x := a /* \n c */ .d{bracket}")) == (1 if bracket[0] != "{" else 2)


def test_inside_parentheses_and_brackets_line_ends_are_white_space() -> None:
    assert sketches("f(a\n(b))") == ["Call(f, [Call(a, [b])])"]
    assert sketches("[a\n[b]]") == ["ArrayLiteral([Index(a, b)])"]


def test_inside_braces_the_rule_is_on_again() -> None:
    assert sketches("f(func() { a\n(b) })") == [
        "Call(f, [Function(None, [], None, {a; Parenthesised(b)}, False, False)])"
    ]
    assert complaints("f({a: b\n(c)})") != []


def test_after_a_string_with_a_line_end_the_line_has_begun() -> None:
    assert len(sketches('"${\n1}" (x)')) == 1


def test_operators_and_members_continue_on_the_next_line() -> None:
    assert sketches("x := 1\n + 2\n - 3") == ["Assign(x, ':=', ((1 + 2) - 3))"]
    assert sketches("a\n .b\n ?.c\n ?? d") == ["(Member(Member(a, 'b', False), 'c', True) ?? d)"]
    assert sketches("a\n ; -b") == ["a", "Unary('-', b)"]


def test_methods_called_on_the_next_line_need_their_parenthesis_there() -> None:
    assert sketches("a\n.b\n(c)") == ["Member(a, 'b', False)", "Parenthesised(c)"]


def test_tags_and_throw_do_not_take_a_parenthesis_from_the_next_line() -> None:
    assert sketches("A::B\n(c)") == ["Tagged('A', 'B', [])", "Parenthesised(c)"]
    assert sketches("throw\n(c)") == ["throw", "Parenthesised(c)"]


@pytest.mark.parametrize("word", ["return", "yield"])
def test_operands_stand_on_the_line_of_their_word(word: str) -> None:
    kind = word.capitalize()
    assert sketches(f"{word}\na") == [f"{kind}(None)", "a"]
    assert sketches(f"{word} /* \n */ a") == [f"{kind}(None)", "a"]
    assert sketches(f"{word} a\n+ 1") == [f"{kind}((a + 1))"]
    assert sketches(f"{word};a") == [f"{kind}(None)", "a"]
    assert sketches(f"if a {{ {word} }}") == [f"If(a, {{{kind}(None)}}, None)"]


def test_a_yield_in_brackets_may_lack_its_operand() -> None:
    assert sketches("f(yield, [yield])") == ["Call(f, [Yield(None), ArrayLiteral([Yield(None)])])"]


def test_destructuring_may_follow_an_expression_on_the_line_before() -> None:
    assert sketches("a := [1]\n[x] := a\n{y} := b") == [
        "Assign(a, ':=', ArrayLiteral([1]))",
        "Destructure(ArrayPattern([NamePattern('x')], None), a)",
        "Destructure(DictPattern(['y'], None), b)",
    ]
