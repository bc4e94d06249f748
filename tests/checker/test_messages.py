"""Every message of the checker, where it is reported, and that it stays silent in doubt."""

from __future__ import annotations

import pytest

from rufflang.checker.findings import TYPE_ERROR, UNDEFINED_FUNCTION
from tests.checker.warnings import check, messages

SIGNATURE = "func f(a: int, b: string) -> float { return 1 }\n"

WRONG = [
    ('let x: int := "s"', "Type mismatch: variable 'x' declared as Int but assigned String"),
    ("mut x: string = 1.5", "Type mismatch: variable 'x' declared as String but assigned Float"),
    ("let x: int := 1.5", "Type mismatch: variable 'x' declared as Int but assigned Float"),
    ("const X: bool := 0", "Type mismatch: constant 'X' declared as Bool but assigned Int"),
    ('mut x: int := 1\nx := "s"', "Type mismatch: cannot assign String to variable 'x' of type Int"),
    ("func f(x: bool) { x := 1 }", "Type mismatch: cannot assign Int to variable 'x' of type Bool"),
    ("mut x: int := 1\nx += 0.5", "Type mismatch: cannot assign Float to variable 'x' of type Int"),
    ('mut x: int := 1\nfunc g() { if true { x := "s" } }',
     "Type mismatch: cannot assign String to variable 'x' of type Int"),
    ('func f() -> int { return "s" }', "Return type mismatch: expected Int but got String"),
    ("async func f() -> int { return true }", "Return type mismatch: expected Int but got Bool"),
    ("g := func() -> string { while true { return 1 } }", "Return type mismatch: expected String but got Int"),
    ("struct S { func m(self) -> int { return [] } }", "Return type mismatch: expected Int but got Array(Any)"),
    ('print(1 == "1")', "Comparison '==' between incompatible types: Int and String"),
    ("print([1] != {})",
     "Comparison '!=' between incompatible types: Array(Int) and Dict { key: Any, value: Any }"),
    ('print(1.5 < "2")', "Comparison '<' between incompatible types: Float and String"),
    ("print(true >= false)", "Comparison '>=' between incompatible types: Bool and Bool"),
    ('print("n=" + 1)', "Binary operation '+' with incompatible types: String and Int"),
    ('print("a" - "b")', "Binary operation '-' with incompatible types: String and String"),
    ("print([1] * 2)", "Binary operation '*' with incompatible types: Array(Int) and Int"),
    ("print(1 / true)", "Binary operation '/' with incompatible types: Int and Bool"),
    ('print(Ok(1) % 2)',
     "Binary operation '%' with incompatible types: Result { ok_type: Int, err_type: Any } and Int"),
    ('let s := "s"\ns[0] + 1', "Binary operation '+' with incompatible types: String and Int"),
    ('mut n := 1\nn + "s"', "Binary operation '+' with incompatible types: Int and String"),
    ('mut n: int := 1\nn -= "s"', "Binary operation '-' with incompatible types: Int and String"),
    (SIGNATURE + "f(1)", "Function 'f' expects 2-2 arguments but got 1"),
    ("func f(a: int, b, c: int) { }\nf()", "Function 'f' expects 1-3 arguments but got 0"),
    ("func f(a) { }\nf(1, 2)", "Function 'f' expects 0-1 arguments but got 2"),
    ("g := func(a: int) { }\ng()", "Function 'g' expects 1-1 arguments but got 0"),
    (SIGNATURE + "1 |> f()", "Function 'f' expects 2-2 arguments but got 1"),
    (SIGNATURE + "f(1, 2)", "Function 'f' parameter 2 expects String but got Int"),
    (SIGNATURE + '"s" |> f("s")', "Function 'f' parameter 1 expects Int but got String"),
    (SIGNATURE + 'f(1, "s") + "s"', "Binary operation '+' with incompatible types: Float and String"),
    ("func f(a: int) { }\nf(f)",
     "Function 'f' parameter 1 expects Int but got Function { params: [Int], return_type: Any }"),
    ("nowhere(1)", "Undefined function 'nowhere'"),
    ("5 |> nowhere", "Undefined function 'nowhere'"),
    ("print([...5])", "Array spread expects Array value, got Int"),
    ("print({...[1]})", "Dict spread expects Dict value, got Array(Int)"),
    ('let s := "s"\ns["a"]', "String index access expects integer index"),
    ("func g() { return 5? }", "Try operator (?) can only be used on Result values"),
    ('test_setup { let n := 1 }\ntest "t" { n + "s" }',
     "Binary operation '+' with incompatible types: Int and String"),
]  # fmt: skip

SILENT = [
    "let x: float := 1",
    "let x: int? := null\nlet y: User := 5\nlet z: null := 3",
    "let x: int := to_string(1)",
    "let x: Dict<string, int> := {}\nlet y: int[] := []\nlet z: Array<float> := [1, 2]",
    "let x: Dict<string, int> := {1: 2}\nprint({1: 2} == {\"1\": 2})",
    'let x: Result<int, string> := Ok(1)\nlet y: Result<int, string> := Err("e")',
    "let x: Option<int> := None\nlet y: Option<float> := Some(1)",
    'x := 1\nx := "s"\nx + "s"',
    'x := 1\nfunc g() { x := "s" }\nx + "s"',
    'mut x := [1]\nx[0] := "s"\nx[0] + "s"',
    'xs := [1]\nfor x in xs { x + "s" }',
    'let x := 1\nif true { let x := "s"; x + "s" }',
    'let x := 1\nmatch Ok("s") { case Ok(x): print(x + "s") }',
    'let x := 1\ntry { } except x { x + "s" }',
    'func f(a) { return a + 1 }\nf("s") + "s"',
    'func f(a: int) { }\nf := print\nf("s", 2)',
    'func f(a: int) { }\nfunc f(a: string) { }\nf("s")',
    'func f(a: int) { }\nfunc g(f) { f("s", 2) }',
    "func f() -> int { return }\nfunc g() -> int { }",
    "func* f() -> int { yield 1\nreturn \"s\" }\nf() + \"s\"",
    'async func f() -> int { return 1 }\n(await f()) + "s"\nf() == 1',
    "print(1 == 1.5, 1 < 1.5, 0 == null, [] == [1], Ok(1) == Err(2))",
    'struct P { x: int; func op_add(self, o) { return 1 } }\nP {} + "s"\nP {} < 1',
    'struct P { x: int; func m() { x + "s"; helper(1) } }\nx := 1',
    "late := 1\nfunc g() { made(1) }\nif true { made := print }",
    "match Shape::Box(1, print) { case Shape::Box(v): v_1(2) }",
    'print(true && 1, null ?? "s", !false, -1.5, "${1}" + "s", (1 + 2) * 3)',
    "spawn { x := 1; print(x) }\nthrow(5)",
    'x := null ?? 1\nx + "s"',
    "func f(a: int) { f(a)? }",
    'test_setup { let x := "s" }\nlet x := 1\ntest "t" { x + "s" }\ntest_teardown { x + "s" }',
]


@pytest.mark.parametrize(("text", "message"), WRONG, ids=[message for _, message in WRONG])
def test_what_cannot_be_right_is_reported_once(text: str, message: str) -> None:
    assert messages(text) == [message]


@pytest.mark.parametrize("text", SILENT)
def test_what_may_be_right_is_not_reported(text: str) -> None:
    assert messages(text) == []


def test_findings_come_in_order_of_place_and_know_it() -> None:
    found = check('func f() {\n    return "s" - 1\n}\nlet x: int := true\nnowhere()')
    assert [(finding.span.line, finding.span.column) for finding in found] == [(2, 12), (4, 1), (5, 1)]
    assert [finding.kind for finding in found] == [TYPE_ERROR, TYPE_ERROR, UNDEFINED_FUNCTION]
    assert [finding.unknown_name for finding in found] == [None, None, "nowhere"]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('let x: int := "s"', "Remove the annotation or convert the value"),
        ("const X: int := true", "Initialise the constant with a value of the declared type"),
        ('mut x: int := 1\nx := "s"', "Convert the value with to_int()"),
        ("mut x: string := \"s\"\nx := 1", "Convert the value with to_string()"),
        ("mut x: int[] := []\nx := 1", "Assign a value of the declared type"),
        ("func f() -> int { return true }", "Return a value of the declared type"),
        ('print(1 == "1")', "Convert one of the two sides"),
        ('print("n=" + 1)', "Use interpolation or to_string() to join texts"),
    ],
)
def test_hints_say_what_could_be_done(text: str, hint: str) -> None:
    assert [finding.hint for finding in check(text)] == [hint]


def test_each_expression_is_looked_at_once() -> None:
    nested = 'print(["${("a" - 1)}", {"k": f(func() { return "b" - 2 })}])\nfunc f(x) { }'
    assert messages(nested) == ["Binary operation '-' with incompatible types: String and Int"] * 2
