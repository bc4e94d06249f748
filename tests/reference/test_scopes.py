"""Names: where they live, and when."""

from __future__ import annotations

from tests.reference.support import lines_of, message_of


def test_assignment_in_a_function_takes_the_global_only_if_it_exists_by_then() -> None:
    assert lines_of("""
        func set() {
            late := 1
            return late
        }
        set()
        try { print(late) } except e { print(e.message) }
        late := 0
        set()
        print(late)
    """) == ["Undefined variable: late", "1"]


def test_a_fields_as_locals_method_sees_undeclared_fields_and_prefers_parameters() -> None:
    assert lines_of("""
        a := "global"
        struct S {
            a: int
            func show(b) {
                a := a + 1
                let c := c + 1
                return [a, b, c]
            }
        }
        s := S { a: 1, b: 2, c: 3 }
        print(s.show(9), s, a)
    """) == ["[2, 9, 4] S { a: 1, b: 2, c: 3 } global"]


def test_a_hoisted_declaration_is_not_repeated_where_it_stands() -> None:
    assert lines_of("f := 5\nfunc f() { return 1 }\nprint(f)") == ["5"]


def test_nested_declarations_take_effect_where_they_stand() -> None:
    assert message_of("f()", "func f() {\n g()\n func g() { }\n}") == "Undefined variable: g"


def test_match_arms_bind_in_the_scope_around_them_even_when_the_guard_fails() -> None:
    assert lines_of("""
        match Ok(3) {
            case Ok(n) if n > 5 { }
            case Ok(_) { found := true }
        }
        print(n, found)
    """) == ["3 true"]


def test_a_default_is_evaluated_in_the_scope_of_the_struct() -> None:
    assert lines_of("""
        n := 0
        struct S {
            a: int = next()
            b: int = 1
        }
        func next() {
            n += 1
            return n
        }
        func make(n) { return S {} }
        print(make(50), make(60), n)
    """) == ["S { a: 1, b: 1 } S { a: 2, b: 1 } 2"]


def test_destructuring_binds_nothing_when_a_part_does_not_fit() -> None:
    assert lines_of("""
        a := 1
        try { [a, [b]] := [2, 3] } except e { print(e.message) }
        print(a)
    """) == ["Cannot destructure int as array", "1"]


def test_builtins_can_be_shadowed_but_member_calls_still_find_them() -> None:
    assert lines_of("""
        func len(x) { return "mine" }
        print(len([1]), [1].len(), "ab".len())
    """) == ["mine 1 2"]
