"""Code for numbers: ints and floats in the same place, and counting under conditions."""

from __future__ import annotations

import pytest

from tests.jit.hot_programs import Compiled, loop_of, run_here

NUMBERS = "[1, 2.5, 3, 4.5]"


def last_text(compiled: Compiled, name: str) -> str:
    """The emitted text of a function's last compilation."""
    assert compiled.outcome.error is None
    return compiled.of(name)[-1].emitted


OPERATIONS = ["x + 1", "x * 0.5", "x - y", "x / 3", "-x", "y % 2.5", "x < y", "x >= 2", "x > 2.5"]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_operations_on_what_has_been_int_and_float_call_no_general_code(operation: str) -> None:
    compiled = run_here(f"""
        func last(numbers) {{
            found := null
            for i in range(len(numbers)) {{
                x := numbers[i]
                y := numbers[len(numbers) - 1 - i]
                found := {operation}
            }}
            return found
        }}
        for round in range(200) {{ last({NUMBERS}) }}
    """)
    text = last_text(compiled, "last")
    assert '@"arithmetic.' not in text.replace('@"arithmetic.raise', "")
    assert '@"comparison.' not in text


def test_a_sum_that_begins_as_an_int_and_goes_on_with_floats_is_a_number_in_each_round() -> None:
    compiled = run_here(f"""
        func total(numbers) {{
            sum := 0
            for i in range(len(numbers)) {{ sum := sum + numbers[i] * 2 }}
            return sum
        }}
        for round in range(200) {{ total({NUMBERS}) }}
    """)
    assert '@"arithmetic.add"' not in last_text(compiled, "total")


def test_numbers_are_stored_without_a_call_where_the_array_has_been_stored_in_several_ways() -> None:
    compiled = run_here("""
        func halved(n) {
            totals := []
            for i in range(n) { totals := push(totals, 0) }
            for i in range(4 * n) { totals[i % n] := totals[i % n] * 0.5 + i }
            return totals
        }
        for round in range(200) { halved(5) }
    """)
    text = last_text(compiled, "halved")
    assert '@"indexing.index_set"' not in text
    assert '@"indexing.index_get"' not in text


def test_a_field_that_has_been_int_and_float_is_added_to_without_a_call() -> None:
    compiled = run_here("""
        struct Account { balance }
        func deposit(account, amount) { return account.balance + amount }
        accounts := [Account { balance: 1 }, Account { balance: 2.5 }]
        for round in range(300) { deposit(accounts[round % 2], 3) }
    """)
    assert '@"arithmetic.add"' not in last_text(compiled, "deposit")


def test_code_for_ints_and_floats_is_made_anew_at_most_once_when_other_kinds_come() -> None:
    compiled = run_here(f"""
        func shown(items) {{
            text := ""
            for i in range(len(items)) {{
                x := items[i]
                text := "${{text}} ${{x}}"
            }}
            return text
        }}
        for round in range(200) {{ shown({NUMBERS}) }}
        for round in range(600) {{ shown([1, 2.5, null]) }}
    """)
    assert compiled.outcome.error is None
    assert len(compiled.of("shown")) == 2


def counts_by_condition(body: str) -> bool:
    """Whether a loop over `xs` with this body adds one or zero to a counter, as a condition says."""
    compiled = run_here(f"""
        func count(xs) {{
            n := 0
            for i in range(len(xs)) {{ {body} }}
            return n
        }}
        for round in range(200) {{ count([1, 5, 2]) }}
    """)
    loop = loop_of(last_text(compiled, "count"))
    return any(" select i1 " in line and line.endswith("i64 0, i64 1") for line in loop)


@pytest.mark.parametrize("condition", ["xs[i] > 2", "xs[i] == 2", "xs[i] > 1 && xs[i] < 5"])
def test_counting_under_a_condition_adds_what_the_condition_says(condition: str) -> None:
    assert counts_by_condition(f"if {condition} {{ n += 1 }}")


WITH_BRANCHES = [
    "if xs[n] > 2 { n += 1 }", "if xs[i] > 2 { n += 1 } else { n -= 1 }", 'if "${xs[i]}" == "2" { n += 1 }',
]  # fmt: skip


@pytest.mark.parametrize("body", WITH_BRANCHES)
def test_a_branch_stays_where_the_loop_waits_for_the_counter_more_is_done_or_the_condition_branches(body: str) -> None:
    assert not counts_by_condition(body)
