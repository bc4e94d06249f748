"""Calls: what is evaluated when, and which function is found."""

from __future__ import annotations

from tests.reference.support import lines_of, message_of


def test_the_callee_comes_before_the_arguments_and_both_before_the_checks() -> None:
    assert lines_of("""
        func t(v) {
            print(v)
            return v
        }
        try { t(5)(t(6)) } except e { print(len(e.message) > 20) }
        try { t(null).m(t(7)) } except e { print(e.message) }
        try { t(t)(t(8), t(9)) } except e { print(e.message) }
    """) == [
        "5", "6", "true", "null", "7", "Cannot access field or method 'm' on non-struct value",
        "<function t>", "8", "9", "t expects 1 arguments, got 2",
    ]


def test_a_pipe_into_a_call_passes_the_value_first() -> None:
    assert lines_of("""
        struct Calc {
            base: int
            func sub(self, a, b) { return self.base + a - b }
        }
        func make() { return func(x) { return x * 2 } }
        c := Calc { base: 100 }
        none := null
        print(5 |> c.sub(3), 4 |> (make()), 7 |> none?.anything(1))
    """) == ["102 8 null"]
    assert message_of("5 |> missing.go(1)") == "Undefined variable: missing"


def test_functions_in_fields_and_entries_are_called_without_receiver_unless_a_method_has_the_name() -> None:
    assert lines_of("""
        struct S {
            func f(self) { return "method" }
        }
        s := S { f: 1, g: func() { return "field" } }
        d := {"len": func() { return "entry" }, "x": 1}
        print(s.f(), s.g(), d.len(), {}.len())
        try { d.x() } except e { print(e.message) }
    """) == ["method field entry 0", "Unknown method: x"]


def test_not_equal_falls_back_on_the_equality_method_and_both_give_bools() -> None:
    assert lines_of("""
        struct A { func op_eq(self, o) { return "yes" } }
        struct B {
            func op_eq(self, o) { return 0 }
            func op_ne(self, o) { return null }
        }
        print(A {} == 1, A {} != 1, B {} == 1, B {} != 1, [A {}] == [1], 1 == A {})
    """) == ["true false false false false false"]


def test_operator_methods_check_their_argument_count_under_their_full_name() -> None:
    assert message_of("V {} + 1", "struct V { func op_add(self) { return 1 } }") == (
        "V.op_add expects 0 arguments, got 1"
    )


def test_an_optional_call_on_null_does_not_evaluate_its_arguments() -> None:
    assert lines_of("""
        n := null
        print(n?.f(1 / 0), n?.x, {"a": null}.a?.b)
        try { n?.a.b } except e { print(e.message) }
    """) == ["null null null", "Cannot access field or method 'b' on non-struct value"]


def test_logical_operators_give_bools_and_coalescing_gives_operands() -> None:
    assert lines_of('print(0 || "x", [] && 1, 1 && [0], null ?? 0, None ?? 1, 0 ?? 1)') == [
        "true false true 0 None 0"
    ]
