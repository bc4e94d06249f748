"""What is counted one by one: exits from compiled code, and allocations if asked for."""

from __future__ import annotations

import pytest

from rufflang.profiler.reasons import kind_name
from tests.profiler.profiled import NAME, Profiled

MODES = ("off", "sync")


def exits(run: Profiled) -> list[tuple[int, str]]:
    """Count and line of each place where compiled code was left."""
    found = []
    for profile in run.profiles:
        for place, _, count, _ in profile.recording.exits:
            chunk, index = profile.at(place)
            assert chunk is not None
            found.append((count, str(chunk.place(index))))
    return found


def test_exits_are_counted_by_place_and_reason() -> None:
    program = """\
    func double(x) {
        return x + x
    }
    for i in range(400) { double(i) }
    for i in range(10) { double("a") }
    """
    run = Profiled(program, jit="sync", loop_threshold=1000000)
    assert exits(run) == [(10, f"{NAME}:2")]
    assert "        10  program.ruff:2  return x + x\n" in run.report
    assert "called with other kinds of arguments" in run.report


def test_an_unexpected_result_is_named_with_its_kind() -> None:
    program = """\
    func pick(items, i) {
        item := items[i]
        return item
    }
    items := [1, 2, "three", 4]
    for i in range(400) { pick(items, i % 2) }
    for i in range(5) { pick(items, 2) }
    """
    run = Profiled(program, jit="sync", loop_threshold=1000000)
    assert exits(run) == [(5, f"{NAME}:2")]
    assert "the result is a string" in run.report


def test_exits_in_a_loop_that_became_part_of_its_caller_are_counted_in_both() -> None:
    program = """\
    func total(items, first) {
        sum := 0
        for i in range(first, 4) { sum += items[i] }
        return sum
    }
    func caller(items, first) {
        return total(items, first) + 1
    }
    items := [1, 2, 3, 4]
    for round in range(400) { caller(items, 0) }
    for round in range(5) { caller(items, -1) }
    """
    run = Profiled(program, jit="sync", loop_threshold=1000000)
    assert sorted(exits(run)) == [(5, f"{NAME}:3"), (5, f"{NAME}:7")]


def test_without_failed_assumptions_there_is_no_table_of_exits() -> None:
    run = Profiled("func f(x) { return x }\nfor i in range(5000) { f(i) }\n", jit="sync")
    assert exits(run) == []
    assert "Exits" not in run.report


@pytest.mark.parametrize("jit", MODES)
def test_every_allocation_is_counted_by_line_and_kind(jit: str) -> None:
    program = """\
    struct Point { x, y }
    func make(n) {
        mut last := [null]
        for i in range(n) {
            last[0] := Point { x: i, y: 2 }
        }
        return last
    }
    func texts(n) {
        mut text := ""
        for i in range(n) {
            text := to_string(i + 1000)
        }
        return text
    }
    make(5000)
    texts(3000)
    """
    run = Profiled(program, jit=jit, counts_allocations=True)
    counts: dict[tuple[int, str], int] = {}
    for place, kind, count, size in run.profiles[0].recording.allocations:
        assert size >= 16 * count
        chunk, index = run.profiles[0].at(place)
        if chunk is not None:
            key = chunk.place(index).line, kind_name(kind)
            counts[key] = counts.get(key, 0) + count
    assert counts[5, "struct"] == 5000
    assert counts[12, "string"] in (3000, 3001)  # the buffer in which texts are made is a string too
    assert f"        5000  struct  {NAME}:5  last[0] := Point {{ x: i, y: 2 }}\n" in run.report


def test_instances_that_are_not_made_are_not_counted() -> None:
    program = """\
    struct Point { x, y }
    func total(n) {
        mut total := 0
        for i in range(n) {
            p := Point { x: i, y: 2 }
            total += p.x
        }
        return total
    }
    total(5000)
    """
    run = Profiled(program, jit="sync", counts_allocations=True)
    allocations = run.profiles[0].recording.allocations
    structs = sum(count for _, kind, count, _ in allocations if kind_name(kind) == "struct")
    assert 0 < structs < 5000


def test_allocations_are_not_counted_unless_asked_for() -> None:
    run = Profiled("mut a := []\nfor i in range(5000) { a := [i] }\n", jit="off")
    assert run.profiles[0].recording.allocations == []
    assert "Allocations" not in run.report
    assert run.profiles[0].recording.allocated_bytes > 0
