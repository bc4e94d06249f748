"""Copies are lazy, and nobody can tell."""

from __future__ import annotations

import time

import pytest

from tests.reference.support import lines_of


def test_a_copy_of_a_nested_container_does_not_follow_the_original() -> None:
    assert lines_of("""
        a := {"rows": [[1, 2], [3]]}
        b := a
        c := b.rows
        a.rows[0][1] := 9
        c[1][0] := 8
        print(a, b, c)
    """) == ['{"rows": [[1, 9], [3]]} {"rows": [[1, 2], [3]]} [[1, 2], [8]]']


def test_an_array_may_be_stored_into_itself() -> None:
    assert lines_of("""
        a := [1, [2]]
        a[0] := a
        a[0][1][0] := 5
        print(a)
    """) == ["[[1, [5]], [2]]"]


def test_two_arrays_grown_from_the_same_one_are_independent() -> None:
    assert lines_of("""
        base := push([], [0])
        left := push(base, 1)
        right := push(base, 2)
        left[0][0] := 7
        base := push(base, 3)
        base[0][0] := 8
        print(base, left, right)
    """) == ["[[8], 3] [[7], 1] [[0], 2]"]


def test_what_a_builtin_takes_out_of_an_array_is_a_copy() -> None:
    assert lines_of("""
        xs := [[1], [2]]
        ys := reverse(xs)
        zs := filter(xs, func(x) { return true })
        [rest, last] := pop(xs)
        xs[0][0] := 10
        xs[1][0] := 20
        ys[0][0] := 30
        zs[0][0] := 40
        last[0] := 50
        print(xs, ys, zs, rest, last)
    """) == ["[[10], [20]] [[30], [1]] [[40], [2]] [[1]] [50]"]


def test_an_indexed_array_is_read_before_its_index_expression_changes_it() -> None:
    assert lines_of("""
        xs := [[1, 2], 5]
        func change() {
            xs[0][1] := 99
            xs[1] := 6
            return 1
        }
        print(xs[0][change()], xs, xs[change()], xs)
    """) == ["2 [[1, 99], 6] 6 [[1, 99], 6]"]


def test_an_argument_of_a_looking_builtin_is_fixed_before_the_next_argument_runs() -> None:
    assert lines_of("""
        xs := [1]
        func change() {
            xs[0] := 2
            return 1
        }
        print(contains(xs, change()), xs.contains(change()), xs)
    """) == ["true false [2]"]


def test_the_receiver_of_a_method_is_fixed_before_its_arguments_run() -> None:
    assert lines_of("""
        struct Cell {
            v: int
            func plus(self, n) { return self.v + n }
        }
        c := Cell { v: 1 }
        func change() {
            c.v := 100
            return 1
        }
        print(c.plus(change()), c)
    """) == ["2 Cell { v: 100 }"]


def test_payloads_taken_out_of_tags_and_results_are_copies() -> None:
    assert lines_of("""
        r := Ok([1])
        t := Box::Of([1])
        match r { case Ok(x): { x[0] := 2 } }
        match t { case Box::Of(y): { y[0] := 3 } }
        print(r, t, x, y)
    """) == ["Ok([1]) Box::Of([1]) [2] [3]"]


def test_a_callback_may_grow_the_array_that_is_being_mapped() -> None:
    assert lines_of("""
        xs := [1, 2]
        ys := map(xs, func(x) {
            xs := push(xs, x * 10)
            return x
        })
        for x in xs { xs := push(xs, x) }
        print(ys, xs)
    """) == ["[1, 2] [1, 2, 10, 20, 1, 2, 10, 20]"]


def test_a_default_container_is_not_shared_between_instances() -> None:
    assert lines_of("""
        struct Bag { items = [] }
        a := Bag {}
        b := Bag {}
        a.items := push(a.items, 1)
        print(a, b)
    """) == ["Bag { items: [1] } Bag { items: [] }"]


@pytest.mark.parametrize(
    "body",
    [
        "xs := push(xs, i)",
        "xs[i] := xs[i] + len(xs)",
        'state["xs"][i] += 1',
    ],
)
def test_growing_and_writing_in_a_loop_does_not_copy_the_array_each_time(body: str) -> None:
    started = time.perf_counter()
    lines_of(f"""
        xs := range(30000)
        state := {{"xs": range(30000)}}
        for i in 30000 {{ {body} }}
    """)
    assert time.perf_counter() - started < 5
