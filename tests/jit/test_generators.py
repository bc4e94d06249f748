"""Generators in machine code: entered behind each `yield`, and left there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rufflang.jit.hot import HOT_FUNCTION, HOT_GENERATOR, HOT_LOOP
from rufflang.jit.once_more import MAXIMUM_RECOMPILATIONS
from rufflang.lowpy.types import struct_type
from rufflang.runtime.objects import GeneratorObject
from rufflang.runtime.values import INT
from tests.jit.hot_programs import Compiled, loop_of, run_command, run_here

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


def test_arguments_of_other_kinds_take_nothing_away_from_compiled_generators() -> None:
    compiled = run_here("""
        func* walk(tree) {
            if tree != null {
                for x in walk(tree["left"]) { yield x }
                yield tree["value"]
                for x in walk(tree["right"]) { yield x }
            }
        }
        func full(depth) {
            if depth == 0 { return null }
            return {"left": full(depth - 1), "value": depth, "right": full(depth - 1)}
        }
        total := 0
        for x in walk(full(9)) { total += x }
        print(total)
    """)
    made = [entry for entry in compiled.entries if entry.chunk.name == "walk" and entry.cause == HOT_FUNCTION]
    assert all(entry.request is not None and entry.request.direct.parameters == (None,) for entry in made)
    assert len(generators_of(compiled)) <= 2


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


PIPELINE = """
    func* numbers(n) {
        i := 0
        while i < n {
            yield i
            i += 1
        }
    }
    func* odd(source) {
        for x in source { if x % 2 == 1 { yield x } }
    }
    func total(n) {
        sum := 0
        for x in odd(numbers(n)) { sum += x }
        return sum
    }
    for i in 200 { total(20) }
    print(total(3000))
"""


def emitted(compiled: Compiled, name: str, cause: str) -> str:
    """The code that was last made for a function."""
    return next(entry.emitted for entry in reversed(compiled.entries)
                if entry.chunk.name == name and entry.cause == cause and not entry.refusal)  # fmt: skip


def test_callers_make_generators_themselves_and_ask_their_bodies_directly() -> None:
    code = emitted(run_here(PIPELINE), "total", HOT_FUNCTION)
    assert "@ruff_new_generator" not in code and "@ruff_call_window" not in code
    assert re.search(r"call \{i64, i64\} %v\d+\(ptr %vm, ptr %v\d+, ptr %v\d+, i64 %v\d+, ptr %v\d+\)", code)


def test_a_generator_puts_back_only_what_has_changed() -> None:
    def stores(code: str) -> int:
        places = re.findall(r"(%v\d+) = getelementptr inbounds i8, ptr %generator, i64 (\d+)", code)
        registers = {name for name, offset in places if int(offset) >= struct_type(GeneratorObject).byte_size}
        return sum(name in registers for name in re.findall(r"store i64 [^,]+, ptr (%v\d+)", code))

    compiled = run_here(PIPELINE)
    # The counter, at each item; and what the loop goes over with its position, before the loop. Two words each.
    assert stores(emitted(compiled, "numbers", HOT_GENERATOR)) == 2
    assert stores(emitted(compiled, "odd", HOT_GENERATOR)) == 4


def test_a_loop_over_other_things_too_expects_generators_no_more(capfd: pytest.CaptureFixture[str]) -> None:
    compiled = run_here("""
        func* upto(n) { for i in n { yield i } }
        func total(xs) {
            sum := 0
            for x in xs { sum += x }
            return sum
        }
        all := 0
        for i in 300 { all += total(upto(5)) }
        for i in 300 { all += total(upto(5)) + total([1, 2]) }
        print(all)
    """)
    assert capfd.readouterr().out == "6900\n"
    assert sum(entry.chunk.name == "total" for entry in compiled.entries) <= 4


ASKING_TWO = """
    func* numbers(n) { loop { yield n
        n += 1 } }
    func* sums(xs, ys) {
        loop {
            match xs.next() {
                case Some(x) {
                    match ys.next() {
                        case Some(y) { yield x + y }
                        default { return }
                    }
                }
                default { return }
            }
        }
    }
    func first_beyond(n) {
        xs := sums(numbers(0), numbers(5))
        loop {
            match xs.next() {
                case Some(x) { if x > n { return x } }
                case None { return 0 }
            }
        }
    }
    print(first_beyond(9000))
"""


def test_next_asks_compiled_bodies_directly_and_what_it_gives_is_matched_without_an_option() -> None:
    compiled = run_here(ASKING_TWO)
    assert generators_of(compiled) == ["numbers", "sums"]
    assert [entry.cause for entry in compiled.of("first_beyond")] == [HOT_LOOP]
    loop = loop_of(emitted(compiled, "first_beyond", HOT_LOOP))
    body = emitted(compiled, "sums", HOT_GENERATOR).splitlines()
    for code, count in ((loop, 1), (body, 2)):
        assert sum(re.search(r"= call \{i64, i64\} %v\d+\(", line) is not None for line in code) == count
        assert not any("option_of" in line or "@ruff_call_method_window" in line for line in code)


def test_an_option_that_next_gives_is_made_where_it_is_kept() -> None:
    compiled = run_here("""
        func* numbers(n) { for i in n { yield i } }
        func kept(g, n) {
            out := []
            for i in n { out := push(out, g.next()) }
            return out
        }
        print(kept(numbers(5000), 3000)[2999])
    """)
    assert any("option_of" in line for line in loop_of(emitted(compiled, "kept", HOT_LOOP)))


def test_an_option_that_a_handler_outside_the_loop_wants_is_made_on_the_way_there(
    capfd: pytest.CaptureFixture[str],
) -> None:
    compiled = run_here("""
        func* numbers(n) { for i in n { yield i } }
        func failing(g, xs) {
            mut option := null
            try {
                loop {
                    option := g.next()
                    match option { case Some(x) { if xs[x % 3] == x { xs[x] } } default { break } }
                }
            } except e { return option }
            return "over"
        }
        print(failing(numbers(5000), [-1, 2500, 2501]))
    """)
    assert capfd.readouterr().out == "Some(2500)\n"
    (loop,) = compiled.of("failing")
    assert not loop.refusal


def test_next_of_other_things_expects_generators_no_more(capfd: pytest.CaptureFixture[str]) -> None:
    compiled = run_here("""
        func* upto(n) { for i in n { yield i } }
        func total(xs) {
            mut sum := 0
            loop {
                match xs.next() {
                    case Some(x) { sum += x }
                    default { return sum }
                }
            }
        }
        mut all := 0
        for i in 300 { all += total(upto(5)) }
        for i in 300 { all += total(upto(5)) + total(upto(3).take(2)) }
        print(all)
    """)
    assert capfd.readouterr().out == "6300\n"
    assert sum(entry.chunk.name == "total" for entry in compiled.entries) <= 4
