"""What is left in loops over arrays, and of arrays: found before the loop, or not there at all."""

from __future__ import annotations

import pytest

from rufflang.jit.hot import HOT_FUNCTION
from tests.jit.hot_programs import Compiled, loop_of, run_here


def text_of(compiled: Compiled, name: str) -> str:
    """The emitted text of a function's last compilation."""
    assert compiled.outcome.error is None
    return compiled.of(name)[-1].emitted


def test_indices_that_count_rounds_are_compared_with_the_length_once() -> None:
    compiled = run_here("""
        func total(values, n) {
            sum := 0
            for i in range(n) { sum += values[i] }
            return sum
        }
        values := range(50)
        for round in range(200) { total(values, 50) }
    """)
    loop = loop_of(text_of(compiled, "total"))
    loads = [line for line in loop if " load i64" in line]
    assert not any("icmp ult" in line for line in loop)
    assert not any("load i8" in line for line in loop)
    # One element; the word that asks to stop is read with a volatile load.
    assert len(loads) == 1


@pytest.mark.parametrize("index", ["i + by", "by + i - 1", "i - by + 1", "row * by + i", "i + 1 - 1"])
def test_indices_at_a_distance_that_does_not_change_are_compared_with_the_length_once(index: str) -> None:
    compiled = run_here(f"""
        func total(values, row, by, n) {{
            sum := 0
            for i in range(1, n) {{ sum += values[{index}] }}
            return sum
        }}
        values := range(50)
        for round in range(200) {{ total(values, 1, 1, 40) }}
    """)
    loop = loop_of(text_of(compiled, "total"))
    assert not any("icmp ult" in line for line in loop)
    assert sum(" load i64" in line for line in loop) == 1


def test_a_row_is_found_before_the_loop_that_reads_it() -> None:
    compiled = run_here("""
        func total(rows, i, n) {
            sum := 0
            for j in range(n) { sum += rows[i][j] }
            return sum
        }
        rows := [range(50), range(50)]
        for round in range(200) { total(rows, 1, 50) }
    """)
    loop = loop_of(text_of(compiled, "total"))
    assert sum(" load i64" in line for line in loop) == 1


def test_where_the_last_rounds_would_be_outside_each_index_is_compared() -> None:
    compiled = run_here("""
        func total(values, distance, n) {
            sum := 0
            for i in range(n) {
                sum += values[i + distance]
                if sum > 100 { return sum }
            }
            return sum
        }
        values := range(50)
        for round in range(300) { total(values, 5, 50) }
    """)
    text = text_of(compiled, "total")
    assert any("icmp ult" in line for line in loop_of(text))


def test_a_row_at_a_computed_index_is_found_before_the_loop_that_reads_it() -> None:
    compiled = run_here("""
        func total(rows, i, distance, n) {
            sum := 0
            for j in range(n) { sum += rows[i - distance][j] }
            return sum
        }
        rows := [range(50), range(50)]
        for round in range(200) { total(rows, 3, 2, 50) }
    """)
    loop = loop_of(text_of(compiled, "total"))
    assert sum(" load i64" in line for line in loop) == 1


def test_a_loop_that_writes_an_array_has_a_form_without_clones() -> None:
    compiled = run_here("""
        func filled(values, n) {
            for i in range(n) { values[i] := i }
            return values
        }
        values := range(50)
        for round in range(200) { values := filled(values, 50) }
    """)
    text = text_of(compiled, "filled").split("\n}", 1)[0]
    heads = [line for line in text.splitlines() if line.startswith("loop")]
    assert len(heads) == 2
    several, single = text.split("\n" + heads[0], 1)[1].split("\n" + heads[1], 1)
    assert several.count("load i8") > single.count("load i8")
    assert "clone_container" not in single
    assert "load i8" in single


def test_pushing_to_an_array_with_one_holder_calls_nothing_while_there_is_room() -> None:
    compiled = run_here("""
        func ascending(n) {
            values := []
            for i in range(n) { values := push(values, i) }
            return values
        }
        for round in range(200) { ascending(50) }
    """)
    text = text_of(compiled, "ascending")
    assert "call_builtin" not in text
    assert "array_push_slowly" in text


def test_a_store_of_another_kind_keeps_the_general_code() -> None:
    compiled = run_here("""
        func filled(values, n, value) {
            for i in range(n) { values[i] := value }
            return values
        }
        for round in range(200) {
            filled(range(10), 10, 0.5)
            filled(range(10), 10, 1)
        }
    """)
    (text,) = [entry.emitted for entry in compiled.of("filled") if entry.cause == HOT_FUNCTION]
    assert 'call void @"arrays.array_set_foreign"' in text


def test_elements_that_are_objects_of_one_kind_have_no_tags_to_look_at() -> None:
    compiled = run_here("""
        func total(rows, n) {
            sum := 0
            for i in range(n) { sum += len(rows[i]) }
            return sum
        }
        rows := [range(1), range(2), range(3)]
        for round in range(200) { total(rows, 3) }
    """)
    loop = loop_of(text_of(compiled, "total"))
    # The row and its length; the word that asks to stop is read with a volatile load.
    assert sum(" load i64" in line for line in loop) == 2


def test_elements_that_are_objects_of_many_kinds_are_found_without_the_general_code() -> None:
    compiled = run_here("""
        func first(items) { return items[0] }
        for round in range(200) {
            first(["a"])
            first([[1]])
            first([{}])
        }
    """)
    assert "index_get" not in text_of(compiled, "first")


def test_a_store_of_an_object_into_an_array_of_its_kind_is_only_a_store() -> None:
    compiled = run_here("""
        func filled(names, n) {
            for i in range(n) { names[i] := "same" }
            return names
        }
        for round in range(200) { filled(["a", "b", "c"], 3) }
    """)
    assert "index_set" not in text_of(compiled, "filled")


def _rows_read_at(index: str) -> Compiled:
    return run_here(f"""
        func total(rows, x) {{
            sum := 0
            for row in rows {{ sum += row[{index}] }}
            return sum
        }}
        rows := []
        for y in range(50) {{ rows := push(rows, range(3)) }}
        for round in range(200) {{ total(rows, 1) }}
    """)


def test_rows_read_at_the_same_index_are_compared_with_the_first_one() -> None:
    text = text_of(_rows_read_at("x"), "total")
    compared, other = text.split("align 1\n", 1)[1].split("\nother", 1)
    checked, alike = other.split("\nalike", 1)
    assert compared.count(" icmp ") == 1
    assert " icmp eq i8 " in checked and " icmp ult i64 " in checked
    assert " icmp " not in alike.split(" br ", 1)[0]


def test_rows_read_at_an_index_that_changes_are_not_compared_with_each_other() -> None:
    loop = loop_of(text_of(_rows_read_at("(sum + x) % 3"), "total"))
    assert not any(line.endswith("align 1") for line in loop)
    assert any(" icmp eq i8" in line for line in loop)


def test_an_access_behind_a_branch_is_prepared_before_the_loop_like_one_in_front_of_it() -> None:
    compiled = run_here("""
        func total(values, marks, n) {
            sum := 0
            for i in range(n) {
                weight := 1
                if marks[i] { weight := 2 }
                sum += values[i] * weight
            }
            return sum
        }
        values := range(50)
        marks := map(values, func(value) { return value % 3 == 0 })
        for round in range(200) { total(values, marks, 50) }
    """)
    loop = loop_of(text_of(compiled, "total"))
    # A mark and an element.
    assert sum(" load i8" in line for line in loop) == 1
    assert sum(" load i64" in line for line in loop) == 1
    assert not any(" load ptr" in line for line in loop)


def test_an_access_that_some_rounds_do_not_reach_is_not_prepared() -> None:
    compiled = run_here("""
        func total(values, n) {
            sum := 0
            for i in range(n) {
                if i % 7 == 3 { continue }
                sum += values[i]
            }
            return sum
        }
        values := range(50)
        for round in range(200) { total(values, 50) }
    """)
    loop = loop_of(text_of(compiled, "total"))
    assert any("icmp ult" in line for line in loop)


def test_a_character_that_is_the_same_in_every_round_is_found_before_the_loop() -> None:
    compiled = run_here("""
        func count(text, others, place, n) {
            found := 0
            for i in range(n) { if text[place] == others[i] { found += 1 } }
            return found
        }
        for round in range(200) { count("abc", "abcabcabc", 1, 9) }
    """)
    loop = loop_of(text_of(compiled, "count"))
    assert sum(" load i8" in line for line in loop) == 1
    assert not any(" load i32" in line for line in loop)


def test_an_array_that_an_inlined_function_returns_to_be_taken_apart_is_not_made() -> None:
    compiled = run_here("""
        func divided(a, b) { return [a / b, a % b] }
        func total(n) {
            sum := 0
            for i in range(1, n) {
                [quotient, rest] := divided(i * 7, i % 9 + 1)
                sum += quotient + rest
            }
            return sum
        }
        for round in range(200) { total(20) }
    """)
    text = text_of(compiled, "total")
    assert "array_from_values" not in text
    assert "destructure" not in text


def test_an_array_is_taken_apart_by_what_was_in_others_before_it() -> None:
    compiled = run_here("""
        func total(pairs) {
            sum := 0
            for pair in pairs {
                [first, second] := pair
                sum += first * second
            }
            return sum
        }
        pairs := map(range(40), func(i) { return [i, i + 1] })
        for round in range(200) { total(pairs) }
    """)
    text = text_of(compiled, "total")
    assert "destructure" not in text
    assert "multiply" not in text


@pytest.mark.parametrize(("item", "lines"), [("i", 0), ('"text ${i}"', 1), ('{"n": i}', 2)])
def test_a_loop_asks_for_the_objects_that_it_comes_to_later(item: str, lines: int) -> None:
    compiled = run_here(f"""
        func last(items) {{
            found := null
            for item in items {{ found := item }}
            return found
        }}
        items := map(range(50), func(i) {{ return {item} }})
        for round in range(200) {{ last(items) }}
    """)
    loop = loop_of(text_of(compiled, "last"))
    assert sum("call void @llvm.prefetch" in line for line in loop) == lines
