"""Generators in machine code: entered behind each `yield`, and left there."""

from __future__ import annotations

from pathlib import Path

import pytest

from rufflang.jit.engine import MAXIMUM_RECOMPILATIONS
from rufflang.jit.hot import HOT_GENERATOR
from rufflang.runtime.values import INT
from tests.jit.hot_programs import Compiled, run_command, run_here

COUNTING = """
    func* count(n) {
        i := 0
        while i < n {
            yield i
            i += 1
        }
    }
    total := 0
    for x in count(500) { total += x }
    print(total)
"""
PROGRAMS = {
    "several places to go on": """
        func* steps(n) {
            for i in n {
                yield i
                if i % 3 == 0 { yield "three" }
                yield [i, i * 0.5]
            }
            yield null
        }
        count := 0
        last := 0
        for x in steps(300) { count += 1; last := x }
        print(count, last)
    """,
    "registers change their kinds": """
        func* growing(n) {
            value := 1
            for i in n {
                yield value
                if i == 200 { value := "text" }
                if i == 250 { value := 0.5 }
            }
        }
        out := {}
        for x in growing(300) { out[type(x)] := x }
        print(out)
    """,
    "errors and handlers": """
        func* careful(xs) {
            for x in xs {
                try { yield 100 / x } except e { yield e.message }
            }
            yield xs["no"]
        }
        seen := 0
        try {
            for x in careful(concat(range(1, 200), [0, 5])) { seen += 1 }
        } except e { print(seen, e.message, e.line, e.stack) }
    """,
    "generators inside each other": """
        func* tree(depth) {
            if depth == 0 { return }
            for x in tree(depth - 1) { yield x }
            yield depth
            for x in tree(depth - 1) { yield x }
        }
        total := 0
        for x in tree(10) { total += x }
        print(total)
    """,
    "captured variables and calls": """
        factor := 2
        func scaled(x) { return x * factor }
        func* values(n) {
            mut own := 0
            add := func(x) { own += x }
            for i in n { add(i); yield scaled(i) + own }
        }
        total := 0
        for x in values(400) { total += x; if x == 50 { factor := 3 } }
        print(total)
    """,
}


def generators_of(compiled: Compiled) -> list[str]:
    """The generators that were compiled."""
    return [entry.chunk.name for entry in compiled.entries if entry.cause == HOT_GENERATOR and not entry.refusal]


def test_the_body_of_a_hot_generator_is_compiled_for_the_kinds_it_keeps() -> None:
    compiled = run_here(COUNTING)
    assert generators_of(compiled) == ["count"]
    entry = next(entry for entry in compiled.entries if entry.cause == HOT_GENERATOR)
    assert list(entry.resume_kinds.values()).count(INT) == 2


def test_a_generator_of_few_items_stays_interpreted() -> None:
    assert generators_of(run_here(COUNTING.replace("500", "50"))) == []


@pytest.mark.parametrize("name", PROGRAMS)
def test_compiled_generators_give_what_interpreted_ones_give(tmp_path: Path, name: str) -> None:
    interpreted = run_command(tmp_path, PROGRAMS[name], "--jit", "off")
    assert interpreted.stdout and interpreted.returncode == 0
    for threshold in ("1", "7", "100"):
        compiled = run_command(
            tmp_path, PROGRAMS[name], "--jit", "sync", "--jit-threshold", threshold, "--loop-threshold", threshold,
            variables={"RUFFLANG_JIT_CHECK": "1"},
        )  # fmt: skip
        assert (compiled.stdout, compiled.stderr) == (interpreted.stdout, "")


def test_a_generator_whose_registers_keep_changing_is_compiled_a_few_times_only() -> None:
    compiled = run_here("""
        func* restless(n) {
            value := null
            for i in n {
                yield value
                value := [1, 0.5, "s", null, true, [1], {"a": 1}][i / 150 % 7]
            }
        }
        count := 0
        for x in restless(6000) { count += 1 }
        print(count)
    """)
    assert 1 < len(generators_of(compiled)) <= MAXIMUM_RECOMPILATIONS + 1


def test_entries_into_compiled_generators_survive_a_later_run(tmp_path: Path) -> None:
    first = run_command(tmp_path, COUNTING)
    second = run_command(tmp_path, COUNTING)
    assert first.stdout == second.stdout == "124750\n"
