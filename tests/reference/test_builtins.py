"""Built-ins: corners of their results and the texts of their errors."""

from __future__ import annotations

import pytest

from tests.reference.support import lines_of, message_of


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("sort([3, 1.5, 2])", "[1.5, 2, 3]"),
        ('sort(["b", "B", "a"])', "[B, a, b]"),
        ("sum([1, 2.5, \"x\", true])", "3.5"),
        ("unique([1, 1.0, [2], [2], \"1\"])", "[1, [2], 1]"),
        ("flatten([1, [2, [3]], []])", "[1, 2, [3]]"),
        ("chunk([1, 2, 3], 2)", "[[1, 2], [3]]"),
        ("chunk([1, 2], 0)", "[[1, 2]]"),
        ("windows([1, 2, 3], 2)", "[[1, 2], [2, 3]]"),
        ("pop([])", "[[], 0]"),
        ("slice([1, 2, 3, 4], -3, -1)", "[2, 3]"),
        ("slice([1, 2], 5, 9)", "[]"),
        ("take([1, 2], -1)", "[]"),
        ("skip([1, 2], -1)", "[1, 2]"),
        ("range(5, 0, -2)", "[5, 3, 1]"),
        ("range(2.9)", "[0, 1]"),
        ("range(0, -1000000000000)", "[]"),
        ('substring("héllo", -2, 3)', "hél"),
        ('substring("abc", 2, 1)', ""),
        ('char_at("abc", -1)', ""),
        ('split("ab", "")', "[, a, b, ]"),
        ('lines("a\\r\\nb\\n")', "[a, b]"),
        ('words("  a  b ")', "[a, b]"),
        ('pad_start("7", 3, "")', "  7"),
        ('join([1, [2], null], "-")', "1-[2]-null"),
        ('format("%s|%d|%f|%%|%x", [1], 2.9, 3, 4)', "[1]|2|3|%|%x"),
        ('contains("abc", "b")', "1"),
        ("contains({\"5\": 1}, 5)", "true"),
        ("has_key({\"a\": 1}, \"b\")", "0"),
        ("get({\"a\": null}, \"a\", 3)", "null"),
        ("remove({\"a\": 1}, \"b\")", "[{\"a\": 1}, 0]"),
        ("remove([1, 2, 1.0], 1)", "[2, 1]"),
        ("remove_at([5, 6], 1)", "[[5], 6]"),
        ("delete({\"a\": 1, \"b\": 2}, \"a\")", '{"b": 2}'),
        ('delete({"": 1}, null)', '{"": 1}'),
        ("merge({}, 5)", "{}"),
        ("invert({\"a\": 1, \"b\": [2]})", '{"1": a}'),
        ("keys({10: 0, 9: 0, \"-1\": 0})", "[-1, 9, 10]"),
        ("keys({10: 0, 9: 0, \"x\": 0})", "[10, 9, x]"),
        ("round(-2.5)", "-3"),
        ("round(0.49999999999999994)", "0"),
        ("max(1, 2)", "2"),
        ("type(abs(-5))", "float"),
        ("bit_shl(1, 63)", "-9223372036854775808"),
        ("bit_shr(-8, 1)", "-4"),
        ("bit_not(0)", "-1"),
        ('to_int(" -12 ")', "-12"),
        ("to_int(1.0 - 3.7)", "-2"),
        ('to_int(repeat("0", 6000) + "5")', "5"),
        ('to_bool("FALSE")', "false"),
        ('to_float("1e3")', "1000"),
        ("[is_int(true), is_int(), is_function(print)]", "[false, false, true]"),
        ("find([1, 2], func(x) { return x > 5 })", "0"),
        ("map([1, 4], sqrt)", "[1, 2]"),
        ("assert(1)", "true"),
        ("println", "<native function: print>"),
        ("str == to_string", "true"),
        ("upper == to_upper", "false"),
    ],
)
def test_a_builtin_gives_what_its_table_says(expression: str, shown: str) -> None:
    assert lines_of(f"print({expression})") == [shown]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("len(1, 2)", "len expects 1 arguments, got 2"),
        ("type_of()", "type expects 1 arguments, got 0"),
        ("to_string()", "to_string() requires one argument"),
        ("push([])", "push expects 2 arguments, got 1"),
        ("reverse()", "reverse expects 1 argument, got 0"),
        ("append(1, 2)", "append() requires an array as the first argument"),
        ("range()", "range() requires 1, 2, or 3 arguments"),
        ("range(1, 2, 0.5)", "range() step cannot be zero"),
        ('abs("x")', "abs() expects numeric argument 'value' , got Str(\"x\")"),
        ("abs()", "abs() expects 1 argument"),
        ("min(1)", "min() expects 2 arguments"),
        ("sqrt(-1)", "sqrt() domain error: value must be >= 0"),
        ("log(0)", "log() domain error: value must be > 0"),
        ("bit_and(1, 2.5)", "bit_and() expects integer argument 'right' , got Float(2.5)"),
        ("bit_shl(1, 64)", "bit_shl() expects a shift amount between 0 and 63"),
        ('pad_start("x", "y", " ")', "pad_left() width must be a number"),
        ("insert([1], 5, 0)", "insert() index 5 out of bounds for array of length 1"),
        ("sum([9223372036854775807, 1])", "Integer overflow: 9223372036854775807 + 1"),
        ("range(9000000000000000000)", "range() ran out of memory"),
        ('repeat("ab", 9000000000000000000)', "repeat() ran out of memory"),
        ('to_int("x")', "Cannot convert 'x' to int"),
        ("to_int([])", "Cannot convert array to int"),
        ('parse_int("9223372036854775808")', "Cannot parse '9223372036854775808' as integer"),
        ('parse_float("1_0")', "Cannot parse '1_0' as float"),
        ("is_int(1, 2)", "is_int() expects 1 argument"),
        ("assert(0, [1])", "[1]"),
        ("assert_equal([1], {})", "Assertion failed: expected Dict{0 keys}, got Array[1]"),
        ("assert_true(false)", "Assertion failed: expected true, got false"),
        ("assert_contains([1], Some(2))", "Assertion failed: Array[1] does not contain Some(Int(2))"),
        ('format("%d", "x")', "format() %d requires numeric argument, got Str(\"x\")"),
        ('format("%s")', "format() missing argument for placeholder %s"),
        ("error([1])", "[1]"),
        ("map(1, print)", "map expects an array and a function"),
        ("delete([], 1)", "delete() requires a dict argument"),
        ('"abc".map(print)', "map() can only be called on iterators or arrays"),
        ("[1].push(2)", "Unknown method: push"),
        ("null.len()", "Cannot access field or method 'len' on non-struct value"),
    ],
)
def test_a_builtin_rejects_wrong_arguments(call: str, message: str) -> None:
    assert message_of(call) == message


def test_debug_shows_the_structure_of_values() -> None:
    assert lines_of("""
        debug([1, 2.0, "x", null], {"b": true, "a": [1.5]}, print, P { x: 1 }, Ok(Some(1)), None, debug)
    """) == [
        '[DEBUG] Array[Int(1), Float(2), String("x"), Null] Dict{a: Array[Float(1.5)], b: Bool(true)} '
        "NativeFunction(print) Struct(P) Ok(Some(Int(1))) None NativeFunction(debug)"
    ]
