"""Assignment to places: order of evaluation and errors."""

from __future__ import annotations

import pytest

from tests.reference.support import lines_of, message_of

TRACE = """
    func t(v) {
        print(v)
        return v
    }
    m := [[1, 2], [3, 4]]
"""


def test_the_value_is_evaluated_before_the_indexes_of_its_target() -> None:
    assert lines_of(TRACE + "m[t(0)][t(1)] := t(9)\nprint(m)") == ["9", "0", "1", "[[1, 9], [3, 4]]"]


def test_a_compound_assignment_evaluates_indexes_then_reads_then_evaluates_its_value() -> None:
    assert lines_of(TRACE + """
        func double() {
            m[1][0] := 50
            return 1
        }
        m[t(1)][t(0)] += double()
        print(m)
    """) == ["1", "0", "[[1, 2], [4, 4]]"]


def test_a_bad_operand_is_reported_before_immutability() -> None:
    assert message_of('a.n += "x"', 'let a := {"n": 1}') == "Invalid binary operation: int + string"
    assert message_of("a.n += 1", 'let a := {"n": 1}') == "Cannot mutate immutable let binding: a"


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("s[0] := 1", "Invalid index assignment"),
        ('x["k"] := 1', "Invalid index assignment"),
        ("x[true] := 1", "Invalid index assignment"),
        ("x[2] := 1", "Index out of bounds: 2"),
        ("x[-3] := 1", "Index out of bounds: -3"),
        ("x.f := 1", "Cannot set field on non-struct value"),
        ("p.none.f := 1", "Field not found: none"),
        ('p["f"] := 1', "Invalid index assignment"),
        ("d.none.f := 1", "Cannot set field on non-struct value"),
        ('d["none"].f := 1', 'Missing map key: "none"'),
        ("(x)[0] := 1", "Invalid assignment target"),
        ("ghost.f := 1", "Undefined variable: ghost"),
        ("ghost += 1", "Undefined variable: ghost"),
        ("c.f := 1", "Cannot mutate const binding: c"),
    ],
)
def test_writing_to_a_wrong_place_is_an_error(statement: str, message: str) -> None:
    before = 's := "abc"\nx := [1, 2]\np := P { f: 1 }\nd := {}\nconst c := p'
    assert message_of(statement, before) == message


def test_a_failed_write_changes_nothing() -> None:
    assert lines_of("""
        a := [[1], [2]]
        b := a
        try { a[0][5] := 1 } except e { print(e.message) }
        print(a, b)
    """) == ["Index out of bounds: 5", "[[1], [2]] [[1], [2]]"]
