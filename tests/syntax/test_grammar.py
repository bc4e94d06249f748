"""What the parser makes of well-formed programs."""

# ruff: noqa: E501 (a table reads best with a case on each line)

from __future__ import annotations

import pytest

from rufflang.syntax import Span, ast
from tests.syntax.support import complaints, expression, program, sketch, sketches, statement


@pytest.mark.parametrize(
    ("text", "grouped"),
    [
        ("a + b * c - d", "((a + (b * c)) - d)"),
        ("a - b - c", "((a - b) - c)"),
        ("a / b % c * d", "(((a / b) % c) * d)"),
        ("a < b == c >= d", "((a < b) == (c >= d))"),
        ("1 < 2 < 3", "((1 < 2) < 3)"),
        ("a || b && c != d", "(a || (b && (c != d)))"),
        ("a ?? b || c ?? d", "((a ?? (b || c)) ?? d)"),
        ("a |> b ?? c |> d", "Pipe(Pipe(a, (b ?? c)), d)"),
        ("-a.b * !c", "(Unary('-', Member(a, 'b', False)) * Unary('!', c))"),
        ("- -a", "Unary('-', Unary('-', a))"),
        ("await f() + 1", "(Await(Call(f, [])) + 1)"),
        ("await p?", "Await(TryOperator(p))"),
        ("(await p)?", "TryOperator(Parenthesised(Await(p)))"),
        ("f()?.name", "Member(Call(f, []), 'name', True)"),
        ("a?.b(1)[2](3)", "Call(Index(MethodCall(a, 'b', [1], True), 2), [3])"),
        ("a.if.for(1,)", "MethodCall(Member(a, 'if', False), 'for', [1], False)"),
        ("x?? y", "(x ?? y)"),
        ('"a".b', "Member('a', 'b', False)"),
        ("[1, ...a, yield,]", "ArrayLiteral([1, Spread(a), Yield(None)])"),
        ("yield a + 1", "Yield((a + 1))"),
        ("yield yield", "Yield(Yield(None))"),
        ("(yield)", "Parenthesised(Yield(None))"),
        ("Ok(1)", "ResultLiteral('Ok', 1)"),
        ("Result::Err(1)", "ResultLiteral('Err', 1)"),
        ("Option::None", "ResultLiteral('None', None)"),
        ("None", "ResultLiteral('None', None)"),
        ("Result::Ok(1, 2)", "Tagged('Result', 'Ok', [1, 2])"),
        ("Option::None(1)", "Tagged('Option', 'None', [1])"),
        ("Shape::Rect(1, 2).x", "Member(Tagged('Shape', 'Rect', [1, 2]), 'x', False)"),
        ("Color::Red", "Tagged('Color', 'Red', [])"),
        ("1 + throw(2)", "(1 + Throw([2]))"),
        ("throw + 1", "(throw + 1)"),
        ("P {}", "StructLiteral('P', [])"),
        ("P { x: 1, y: Q { z: 2 }, }", "StructLiteral('P', [FieldInit('x', 1), FieldInit('y', StructLiteral('Q', [FieldInit('z', 2)]))])"),
        ("{a: 1, ...b}", "DictLiteral([DictEntry(a, 1), Spread(b)])"),
        ("{}", "DictLiteral([])"),
        ("self.x", "Member(self, 'x', False)"),
        ('"a${b}${"c${1}"}"', "InterpolatedString(['a', b, InterpolatedString(['c', 1])])"),
        ('"sum: ${xs[0]\n + 1} "', "InterpolatedString(['sum: ', (Index(xs, 0) + 1), ' '])"),
        ("1.5", "1.5"),
        ("-5", "Unary('-', 5)"),
    ],
)  # fmt: skip
def test_expressions_group_as_the_precedence_table_says(text: str, grouped: str) -> None:
    assert sketch(expression(text)) == grouped


@pytest.mark.parametrize(
    ("text", "sketched"),
    [
        ("let a: int[]? = 1", "Declare('let', NamePattern('a'), TypeExpression('int', [], ['[]', '?']), 1)"),
        ("mut [a, _, [b], ...c] := x", "Declare('mut', ArrayPattern([NamePattern('a'), DiscardPattern(), ArrayPattern([NamePattern('b')], None)], 'c'), None, x)"),
        ("let {a, b, ...c,} := x", "Declare('let', DictPattern(['a', 'b'], 'c'), None, x)"),
        ("const C: Dict<string, int[]> = {}", "Declare('const', NamePattern('C'), TypeExpression('Dict', [TypeExpression('string', [], []), TypeExpression('int', [], ['[]'])], []), DictLiteral([]))"),
        ("[a, b] = [b, a]", "Destructure(ArrayPattern([NamePattern('a'), NamePattern('b')], None), ArrayLiteral([b, a]))"),
        ("{a} := d", "Destructure(DictPattern(['a'], None), d)"),
        ("{...r} := d", "Destructure(DictPattern([], 'r'), d)"),
        ("[] := d", "Destructure(ArrayPattern([], None), d)"),
        ("_ = 1", "Assign(_, ':=', 1)"),
        ("a.b[1].c += 2", "Assign(Member(Index(Member(a, 'b', False), 1), 'c', False), '+=', 2)"),
        ("a?.b.c := 1", "Assign(Member(Member(a, 'b', True), 'c', False), ':=', 1)"),
        ("self := 1", "Assign(self, ':=', 1)"),
        ("func f(a, self: T, b: int?,) -> int {}", "FunctionDeclaration(Function('f', [Parameter('a', None), Parameter('self', TypeExpression('T', [], [])), Parameter('b', TypeExpression('int', [], ['?']))], TypeExpression('int', [], []), {}, False, False))"),
        ("async func* g() { yield }", "FunctionDeclaration(Function('g', [], None, {Yield(None)}, True, True))"),
        ("(func() { return })()", "Call(Parenthesised(Function(None, [], None, {Return(None)}, False, False)), [])"),
        ("x := async func*() {}", "Assign(x, ':=', Function(None, [], None, {}, True, True))"),
        ("struct P { x: int = 1, y; z\n func m(self) {} async func n() {} }", "StructDeclaration('P', [StructField('x', TypeExpression('int', [], []), 1), StructField('y', None, None), StructField('z', None, None)], [Function('m', [Parameter('self', None)], None, {}, False, False), Function('n', [], None, {}, True, False)])"),
        ("enum E { A, B, }", "EnumDeclaration('E', ['A', 'B'])"),
        ("import m", "Import('m', None)"),
        ("from a.b import c, d", "Import('a.b', ['c', 'd'])"),
        ("export let a := 1", "Export(Declare('let', NamePattern('a'), None, 1))"),
        ("export export x", "Export(x)"),
        ("if a {} else if b { c } else { d }", "If(a, {}, If(b, {c}, {d}))"),
        ("while a < b { break }", "While((a < b), {Break()})"),
        ("loop { continue }", "While(None, {Continue()})"),
        ("loop while a {}", "While(a, {})"),
        ("for _ in xs {}", "For(DiscardPattern(), xs, {})"),
        ("for [k, v] in d.items() {}", "For(ArrayPattern([NamePattern('k'), NamePattern('v')], None), MethodCall(d, 'items', [], False), {})"),
        ("try { a } except e { b }", "Try({a}, 'e', {b})"),
        ("try {} except {}", "Try({}, None, {})"),
        ("spawn { a }", "SpawnExpression({a})"),
        ("x := spawn {}", "Assign(x, ':=', SpawnExpression({}))"),
        ('test "a" {}', "Test('a', {})"),
        ('test_group "g" { test_setup {} test_teardown {} }', "TestGroup('g', {TestSetup({}); TestTeardown({})})"),
    ],
)  # fmt: skip
def test_statements_become_their_nodes(text: str, sketched: str) -> None:
    assert sketch(statement(text)) == sketched


@pytest.mark.parametrize(
    ("arm", "sketched"),
    [
        ("case _ {}", "CaseArm(WildcardCase(), None, {})"),
        ("case -2.5: a", "CaseArm(LiteralCase(-2.5), None, {a})"),
        ('case "red": {}', "CaseArm(LiteralCase('red'), None, {})"),
        ("case null {}", "CaseArm(LiteralCase(None), None, {})"),
        ("case true if a {}", "CaseArm(LiteralCase(True), a, {})"),
        ("case Ok(v) if v > 0: return v", "CaseArm(NameCase(None, 'Ok', ['v']), (v > 0), {Return(v)})"),
        ("case Shape::Rect(w, _) {}", "CaseArm(NameCase('Shape', 'Rect', ['w', None]), None, {})"),
        ("case green {}", "CaseArm(NameCase(None, 'green', None), None, {})"),
        ("case Ok() {}", "CaseArm(NameCase(None, 'Ok', []), None, {})"),
        ("case a: {b}", "CaseArm(NameCase(None, 'a', None), None, {b})"),
    ],
)
def test_case_arms(arm: str, sketched: str) -> None:
    assert sketch(statement(f"match x {{ {arm} }}")) == f"Match(x, [{sketched}], None)"


def test_the_last_default_arm_counts_wherever_it_stands() -> None:
    assert sketch(statement("match x { default: a case b {} default { c } }")) == (
        "Match(x, [CaseArm(NameCase(None, 'b', None), None, {})], {c})"
    )


def test_semicolons_separate_and_may_repeat() -> None:
    assert sketches(";;a;b c;;") == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("text", "count"),
    [("if x { }", 1), ("while !x { }", 1), ("for a in x { }", 1), ("match x { }", 1), ("x { }", 1)],
)
def test_empty_braces_after_a_name_open_a_block_in_a_header(text: str, count: int) -> None:
    assert len(sketches(text)) == count


def test_struct_literals_in_headers_need_fields_or_brackets() -> None:
    assert sketches("if P { x: 1 } == p { a }") == [
        "If((StructLiteral('P', [FieldInit('x', 1)]) == p), {a}, None)"
    ]
    assert sketches("if f(P {}) { a }") == ["If(Call(f, [StructLiteral('P', [])]), {a}, None)"]
    assert sketches("if (P {}) { a }") == ["If(Parenthesised(StructLiteral('P', [])), {a}, None)"]
    assert sketches("if func() { return P {} } { a }") == [
        "If(Function(None, [], None, {Return(StructLiteral('P', []))}, False, False), {a}, None)"
    ]


def test_a_brace_after_a_name_that_starts_no_fields_ends_the_expression() -> None:
    assert sketches("a {...b}") == ["a", "DictLiteral([Spread(b)])"]


def test_a_brace_that_starts_a_statement_is_a_pattern_only_before_an_assignment() -> None:
    assert sketches("{a: 1}; {a} := b") == [
        "DictLiteral([DictEntry(a, 1)])",
        "Destructure(DictPattern(['a'], None), b)",
    ]


def test_annotations_with_the_fixed_types() -> None:
    assert complaints("func f(a: Result<int, Option<T>[]>?) -> null {}") == []


def test_spans_cover_first_to_last_token() -> None:
    text = "  x := (a + b).c(1)\n  if a { b }  # end\n"
    first, second = (each.span for each in program(text).statements)
    assert (first, second) == (Span(2, 19, 1, 3), Span(22, 32, 2, 3))
    assignment = program(text).statements[0]
    assert isinstance(assignment, ast.Assign) and isinstance(assignment.value, ast.MethodCall)
    assert assignment.value.span == Span(7, 19, 1, 8)
    assert assignment.value.name_span == Span(15, 16, 1, 16)
    inner = assignment.value.receiver
    assert isinstance(inner, ast.Parenthesised) and isinstance(inner.inner, ast.Binary)
    assert inner.inner.span == Span(8, 13, 1, 9)
    assert inner.inner.op_span == Span(10, 11, 1, 11)
