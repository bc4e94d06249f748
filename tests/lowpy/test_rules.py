"""Every rule of the subset: what breaks it is reported with file, line and rule."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from rufflang.lowpy.function import LowpyError
from tests.lowpy.low_source import Source, broken_rule

DEFINITIONS = """
class Value(Record):
    raised: ClassVar[tuple[int, ...] | None] = (15, 0)
    tag: i64
    payload: i64

class Pair(Record):
    a: i64
    b: i64

class Thing(Struct):
    n: i64
    items: Ptr[i64] = inline(2)

@function
def nothing(n: i64) -> None:
    pass

@function
def fail() -> Raised:
    return Raised()
"""
DEFINITION_LINES = DEFINITIONS.count("\n")

# The body of f(n: i64, x: f64, c: bool, p: Ptr[i64], t: Thing, v: Value) -> i64; the marked
# line breaks the rule.
FORM_OF_FOR = "for has the form: for NAME in range(stop) or range(start, stop)"
BODIES = [
    # statements
    ("for i in range(3):\n    n += 1\ntry:  #!\n    pass\nfinally:\n    pass", "Try statements are not part of lowpy"),
    ("with t:  #!\n    pass", "With statements are not part of lowpy"),
    ("def inner() -> None:  #!\n    pass", "FunctionDef statements are not part of lowpy"),
    ("del n  #!", "Delete statements are not part of lowpy"),
    ("assert c  #!", "Assert statements are not part of lowpy"),
    ("raise ValueError  #!", "Raise statements are not part of lowpy"),
    ("import math  #!", "Import statements are not part of lowpy"),
    ("global n2  #!", "Global statements are not part of lowpy"),
    ("n + 1  #!", "an expression statement must be a call"),
    ("a = b = n  #!", "chained assignment is not part of lowpy"),
    ("a: i64  #!", "an annotated assignment needs a variable and a value"),
    ("t.n: i64 = 3  #!", "an annotated assignment needs a variable and a value"),
    ("a = 1\na: u8 = 2  #!", "a already has type i64"),
    ("a: str = n  #!", "<class 'str'> is not a lowpy type"),
    ("a: Missing = n  #!", "name 'Missing' is not defined"),
    ("a: None = n  #!", "a variable cannot have type None"),
    ("a: u8 = n  #!", "expected u8, found i64"),
    ("a = 1\na = x  #!", "expected i64, found f64"),
    ("n = 1.5  #!", "expected i64, found f64"),
    ("n += x  #!", "operands have types i64 and f64; convert one"),
    ("n /= 2  #!", "Div is not defined on i64"),
    ("t.n += x  #!", "operands have types i64 and f64; convert one"),
    ("t.items += 1  #!", "an inline field cannot be assigned as a whole"),
    ("p[x] += 1  #!", "an index must be an integer"),
    ("if n:  #!\n    pass", "a condition must be a bool, not i64; there is no truthiness"),
    ("while x:  #!\n    pass", "a condition must be a bool, not f64; there is no truthiness"),
    ("while c:  #!\n    pass\nelse:\n    pass", "while … else is not part of lowpy"),
    ("for i in p:  #!\n    pass", "for iterates over range(stop) or range(start, stop) only"),
    ("for i in range(1, 2, 3):  #!\n    pass", FORM_OF_FOR),
    ("for i in range(3):  #!\n    pass\nelse:\n    pass", FORM_OF_FOR),
    ("for t.n in range(3):  #!\n    pass", FORM_OF_FOR),
    ("for i in range(x):  #!\n    pass", "expected i64, found f64"),
    ("for x in range(3):  #!\n    pass", "x is not an i64"),
    ("return  #!", "return needs a i64"),
    ("return x  #!", "expected i64, found f64"),
    ("return v  #!", "expected i64, found Value"),
    ("return fail()  #!", "a function returning i64 has no error edge"),
    ("a, b = n, n  #!", "Tuple expressions are not part of lowpy"),
    ("a, b = v  #!", "only an intrinsic that gives that many values can be unpacked"),
    ("a, b, d = add_overflow(n, n)  #!", "only an intrinsic that gives that many values can be unpacked"),
    ("t.n, b = add_overflow(n, n)  #!", "unpack into variables"),
    ("x, b = add_overflow(n, n)  #!", "x already has type f64"),
    ("a = nothing(n)  #!", "this call has no result"),
    ("a = fail()  #!", "this call has no result"),
    ("[a] = n  #!", "only variables, fields and elements can be assigned"),
    # places
    ("t.items = p  #!", "an inline field cannot be assigned as a whole"),
    ("t.missing = 1  #!", "Thing has no field missing"),
    ("n.tag = 1  #!", "i64 has no fields"),
    ("v.tag = 1  #!", "the record Value is immutable; make a new one"),
    ("t.n = x  #!", "expected i64, found f64"),
    ("p[0] = x  #!", "expected i64, found f64"),
    ("p[1.0] = n  #!", "an index must be an integer"),
    ("n[0] = 1  #!", "i64 cannot be indexed"),
    # expressions
    ("return n + y  #!", "unknown variable y"),
    ("return LATER  #!\nLATER = 3", "unknown variable LATER"),
    ("return n + x  #!", "operands have types i64 and f64; convert one"),
    ("return n / 2  #!", "Div is not defined on i64"),
    ("return n // 2  #!", "FloorDiv is not defined on i64"),
    ("return n % 2  #!", "Mod is not defined on i64"),
    ("return n ** 2  #!", "Pow is not defined on i64"),
    ("x = x % 2.0  #!", "Mod is not defined on f64"),
    ("x = x & x  #!", "BitAnd is not defined on f64"),
    ("c = c + c  #!", "Add is not defined on bool"),
    ("c = -c  #!", "USub is not defined on bool"),
    ("c = ~c  #!", "Invert is not defined on bool"),
    ("x = ~x  #!", "Invert is not defined on f64"),
    ("n = +n  #!", "UAdd is not defined on i64"),
    ("n = 7 // 0  #!", "this constant has no value: integer division or modulo by zero"),
    ("n = 1 << -1  #!", "this constant has no value: negative shift count"),
    ("a: u8 = 256  #!", "256 does not fit in u8"),
    ("a: i8 = -129  #!", "-129 does not fit in i8"),
    ("n = 1 << 64  #!", "18446744073709551616 does not fit in i64"),
    ("n = True  #!", "expected i64, found bool"),
    ("c = 1  #!", "expected bool, found i64"),
    ("c = 1 < n < 3  #!", "a comparison is one of == != < <= > >=, not chained"),
    ("c = t is t  #!", "a comparison is one of == != < <= > >=, not chained"),
    ("c = n == x  #!", "cannot compare i64 with f64; convert one"),
    ("c = v == v  #!", "cannot compare Value with Value; convert one"),
    ("c = p < p  #!", "cannot compare Ptr[i64] with Ptr[i64]; convert one"),
    ("c = not n  #!", "a condition must be a bool, not i64; there is no truthiness"),
    ("c = c and n  #!", "a condition must be a bool, not i64; there is no truthiness"),
    ("n = n if c else x  #!", "the two sides have types i64 and f64"),
    ("n = n if x else n  #!", "a condition must be a bool, not f64; there is no truthiness"),
    ("n = v.missing  #!", "Value has no field missing"),
    ("n = t.missing  #!", "Thing has no field missing"),
    ("n = n.tag  #!", "i64 has no fields"),
    ("n = n[0]  #!", "i64 cannot be indexed"),
    ("n = p[c]  #!", "an index must be an integer"),
    ("n = [1][0]  #!", "List expressions are not part of lowpy"),
    ("n = 'text'  #!", "'text' is not a value in lowpy"),
    ("n = None  #!", "None is not a value in lowpy"),
    ("n = lambda: 1  #!", "Lambda expressions are not part of lowpy"),
    # calls
    ("n = len(p)  #!", "len is neither a lowpy function nor an intrinsic"),
    ("n = n(1)  #!", "n is neither a lowpy function nor an intrinsic"),
    ("nothing(n=1)  #!", "arguments are positional"),
    ("nothing(*p)  #!", "arguments are positional"),
    ("nothing()  #!", "nothing takes 1 arguments, not 0"),
    ("nothing(x)  #!", "expected i64, found f64"),
    ("v = Value(1)  #!", "Value takes 2 arguments, not 1"),
    ("v = Value(x, 1)  #!", "expected i64, found f64"),
    ("n = i64(1, 2)  #!", "i64(…) takes one argument"),
    ("n = i64(p)  #!", "Ptr[i64] cannot be converted to i64; see word() and cast()"),
    ("n = i64(v)  #!", "Value cannot be converted to i64; see word() and cast()"),
    # intrinsics
    ("n = word(n)  #!", "word needs a pointer, not i64"),
    ("n = word()  #!", "word takes 1 arguments"),
    ("n = bits_of(n)  #!", "expected f64, found i64"),
    ("n = divide_truncated(n)  #!", "divide_truncated takes 2 arguments"),
    ("n = cast(i64, p)  #!", "cast makes a pointer of a pointer or an i64"),
    ("t = cast(Thing, x)  #!", "cast makes a pointer of a pointer or an i64"),
    ("t = cast(Thing)  #!", "cast takes 2 arguments"),
    ("t = cast(Missing, p)  #!", "name 'Missing' is not defined"),
    ("n = null(i64)  #!", "null makes a pointer, not i64"),
    ("p = element(t, 1)  #!", "element needs a Ptr"),
    ("p = element(p, x)  #!", "an index must be an integer"),
    ("p = field_address(t, 'missing')  #!", "Thing has no field missing"),
    ("p = field_address(t, n)  #!", "a text constant is needed here"),
    ("n = size_of(None)  #!", "a variable cannot have type None"),
    ("n = size_of()  #!", "size_of takes 1 arguments"),
    ("n = offset_of(Thing, 'missing')  #!", "Thing has no field missing"),
    ("n = offset_of(Value, 'tag')  #!", "Value has no field tag"),
    ("q = literal(n)  #!", "a text constant is needed here"),
    ("n = volatile_load(t)  #!", "volatile_load needs a Ptr to a number or pointer"),
    ("q = address_of_function(n)  #!", "address_of_function needs a lowpy function"),
    ("n = call_pointer(i64, n)  #!", "call_pointer needs a result type, a pointer, and arguments"),
    ("n = call_pointer(i64)  #!", "call_pointer takes 2 arguments"),
    ("n = select(c, n, x)  #!", "select needs two numbers or pointers of one type"),
    ("v = select(c, v, v)  #!", "select needs two numbers or pointers of one type"),
    ("n = select(n, n, n)  #!", "a condition must be a bool, not i64; there is no truthiness"),
    # paths
    ("if c:\n    a = 1\nreturn a  #!", "a may be read before it is assigned"),
    ("while c:\n    a = 1\nreturn a  #!", "a may be read before it is assigned"),
    ("for i in range(n):\n    pass\nreturn i  #!", "i may be read before it is assigned"),
    ("a: i64 = a  #!", "a may be read before it is assigned"),
]  # fmt: skip


def text_of(body: str, result: str = "i64") -> str:
    header = f"@function\ndef f(n: i64, x: f64, c: bool, p: Ptr[i64], t: Thing, v: Value) -> {result}:\n"
    return DEFINITIONS + header + textwrap.indent(body, "    ") + "\n    return 0\n"


def marked_line(body: str) -> int:
    """Where in the text the line with the mark stands."""
    rows = body.splitlines()
    return DEFINITION_LINES + 3 + next(index for index, row in enumerate(rows) if row.endswith("#!"))


@pytest.mark.parametrize(("body", "rule"), BODIES, ids=[body for body, _ in BODIES])
def test_a_broken_rule_is_named_with_its_line(tmp_path: Path, body: str, rule: str) -> None:
    line, message = broken_rule(tmp_path, text_of(body))
    assert message == f"in f: {rule}"
    assert line == marked_line(body)


def test_every_path_must_return(tmp_path: Path) -> None:
    rule = "in f: every path must return a i64"
    for body in (
        "pass",
        "if n > 0:\n        return 1",
        "while n > 0:\n        return 1",
        "while True:\n        break",
        "while True:\n        if n > 3:\n            break\n        n += 1",
    ):
        line, message = broken_rule(tmp_path, f"\n@function\ndef f(n: i64) -> i64:\n    {body}\n")
        assert (line, message) == (3, rule), body


@pytest.mark.parametrize("body", [
    "while True:\n        n += 1",
    "if n > 0:\n        return 1\n    else:\n        return 2",
    "trap()",
    "while True:\n        while n < 10:\n            break\n        return n",
])  # fmt: skip
def test_a_body_that_always_leaves_needs_no_return_at_its_end(tmp_path: Path, body: str) -> None:
    text = Source(tmp_path, f"\n@function\ndef f(n: i64) -> i64:\n    {body}\n").llvm()
    assert "ret void" not in text


def test_break_and_continue_need_a_loop(tmp_path: Path) -> None:
    # Python itself refuses these, so that they cannot even be read.
    for word in ("break", "continue"):
        with pytest.raises(SyntaxError):
            Source(tmp_path, f"\n@function\ndef f(n: i64) -> None:\n    {word}\n")


@pytest.mark.parametrize(("header", "problem"), [
    ("def f(n) -> i64:", "every parameter and result needs a lowpy type: f: 'n'"),
    ("def f(n: i64):", "every parameter and result needs a lowpy type: f: 'return'"),
    ("def f(n: int) -> i64:", "every parameter and result needs a lowpy type: f: <class 'int'> is not a lowpy type"),
    ("def f(n: Missing) -> i64:", "every parameter and result needs a lowpy type: f: name 'Missing' is not defined"),
    ("def f(n: i64 = 0) -> i64:", "f: parameters are positional, without defaults"),
    ("def f(n: i64, *rest: i64) -> i64:", "f: parameters are positional, without defaults"),
    ("def f(n: i64, **rest: i64) -> i64:", "f: parameters are positional, without defaults"),
    ("def f(n: i64, *, m: i64) -> i64:", "f: parameters are positional, without defaults"),
])  # fmt: skip
def test_the_signature_has_rules_too(tmp_path: Path, header: str, problem: str) -> None:
    assert broken_rule(tmp_path, f"\n@function\n{header}\n    return n\n") == (2, problem)


def test_only_records_with_a_raised_value_have_an_error_edge(tmp_path: Path) -> None:
    text = DEFINITIONS + "@function\ndef f() -> Pair:\n    return fail()\n"
    assert broken_rule(tmp_path, text)[1] == "in f: a function returning Pair has no error edge"


def test_a_value_cannot_be_returned_from_a_function_without_result(tmp_path: Path) -> None:
    text = DEFINITIONS + "@function\ndef f(n: i64) -> None:\n    return n\n"
    assert broken_rule(tmp_path, text) == (DEFINITION_LINES + 3, "in f: expected None, found i64")


def test_coroutines_are_refused(tmp_path: Path) -> None:
    text = "\n@function\nasync def f(n: i64) -> i64:\n    return n\n"
    assert broken_rule(tmp_path, text) == (2, "f: only plain functions are part of lowpy")


def test_a_function_without_source_is_refused() -> None:
    from rufflang.lowpy import LowFunction, function, i64

    scope: dict[str, object] = {"function": function, "i64": i64, "__name__": __name__}
    exec("@function\ndef f(n: i64) -> i64:\n    return n\n", scope)
    made = scope["f"]
    assert isinstance(made, LowFunction)
    with pytest.raises(LowpyError, match=r"<string>:1: f: the source is needed"):
        _ = made.body
