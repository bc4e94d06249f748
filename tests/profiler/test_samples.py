"""Where the profiler says that time is spent is where it is spent, however the code runs."""

from __future__ import annotations

import pytest

from rufflang.profiler.samples import COMPILED, GARBAGE, INTERPRETED, LIBRARY, TOP_LEVEL, WAITING
from tests.profiler.profiled import Profiled

MODES = ("off", "on", "sync")

HOT = """\
func cold(x) {
    return x + 1
}
func hot(n) {
    mut a := 0.5
    for i in range(n) {
        a := a * 1.0000001 + 0.1
        if a > 1000000.0 { a := 0.5 }
    }
    return a
}
mut total := 0.0
for i in range(30) { total := total + hot(N) + cold(i) }
"""


def busy(text: str, jit: str, rounds: int = 100000) -> str:
    """A program that keeps the machine busy for some tenths of a second in each mode."""
    return text.replace("N", str(rounds if jit == "off" else rounds * 20))


@pytest.mark.parametrize("jit", MODES)
def test_the_hot_function_comes_first(jit: str) -> None:
    run = Profiled(busy(HOT, jit), jit=jit)
    assert run.functions[0] == "hot"
    hot = run.function("hot")
    ran = sum(run.totals.all.by_mode.get(mode, 0.0) for mode in (COMPILED, INTERPRETED))
    assert hot.by_mode.get(COMPILED, 0.0) + hot.by_mode.get(INTERPRETED, 0.0) > 0.8 * ran
    assert run.function(TOP_LEVEL).inclusive > 0.8 * ran


@pytest.mark.parametrize("jit", MODES)
def test_the_lines_of_a_loop_share_its_time_and_no_others_have_any(jit: str) -> None:
    run = Profiled(busy(HOT, jit), jit=jit)
    inside = sum(run.line(number).seconds for number in (6, 7, 8))
    assert inside > 0.8 * run.function("hot").seconds
    assert run.line(7).seconds > 0


def test_interpreted_and_compiled_code_are_told_apart() -> None:
    interpreted = Profiled(busy(HOT, "off"), jit="off").function("hot")
    assert set(interpreted.by_mode) == {INTERPRETED}
    compiled = Profiled(busy(HOT, "sync"), jit="sync").function("hot")
    share = compiled.compiled_share
    assert share is not None and share > 0.8


def test_no_time_is_lost() -> None:
    run = Profiled(busy(HOT, "on"), jit="on")
    watched = sum(profile.seconds for profile in run.profiles)
    assert run.totals.all.seconds == pytest.approx(watched, rel=0.1)


@pytest.mark.parametrize("jit", MODES)
def test_small_functions_without_loops_and_calls_are_seen_though_they_hold_no_safepoint(jit: str) -> None:
    program = """\
    func leaf(x) {
        mut y := x * 1.5
        y := y * y + 2.0
        y := y / 3.7 + y / 7.1
        y := y / 1.3 - y / 2.9
        return y - x
    }
    mut total := 0.0
    for i in range(N) { total := leaf(i) }
    """
    run = Profiled(busy(program, jit, 1000000), jit=jit)
    leaf = run.function("leaf")
    assert leaf.seconds > 0.2 * run.function(TOP_LEVEL).inclusive
    assert {function.name for sample in run.samples for function in sample.stack} == {TOP_LEVEL, "leaf"}


@pytest.mark.parametrize("jit", MODES)
def test_direct_calls_between_compiled_functions_are_seen_as_a_stack(jit: str) -> None:
    program = """\
    func inner(n) {
        mut s := 0
        for i in range(n) { s := (s + i) % 1000 }
        return s
    }
    func middle(n) { return inner(n) + inner(n) }
    func outer(n) {
        mut s := 0
        for i in range(300) { s := s + middle(n) }
        return s
    }
    outer(N)
    """
    run = Profiled(busy(program, jit, 5000), jit=jit)
    deepest = max(run.samples, key=lambda sample: sample.seconds if len(sample.stack) == 4 else 0.0)
    assert [function.name for function in deepest.stack] == [TOP_LEVEL, "outer", "middle", "inner"]
    assert run.functions[0] == "inner"


@pytest.mark.parametrize("jit", MODES)
def test_recursion_counts_once_for_the_total(jit: str) -> None:
    program = """\
    func fib(n) {
        if n < 2 { return n }
        return fib(n - 1) + fib(n - 2)
    }
    fib(N)
    """
    run = Profiled(program.replace("N", "29" if jit == "off" else "36"), jit=jit)
    fib = run.function("fib")
    assert fib.inclusive == pytest.approx(run.function(TOP_LEVEL).inclusive, rel=0.2)
    assert fib.inclusive <= run.totals.all.seconds * 1.001


@pytest.mark.parametrize("jit", MODES)
def test_a_long_builtin_is_charged_to_the_line_that_calls_it(jit: str) -> None:
    program = """\
    func prepared(n) {
        mut items := []
        for i in range(n) { items := push(items, to_string((i * 7919) % 200003)) }
        return items
    }
    func work(items) {
        mut sorted := items
        sorted := sort(items)
        return len(sorted)
    }
    items := prepared(20000)
    for i in range(20) { work(items) }
    """
    run = Profiled(program, jit=jit)
    assert run.totals.builtins["sort"].seconds > 0.5 * run.function("work").seconds
    assert run.line(8).seconds > 0.5 * run.function("work").seconds


@pytest.mark.parametrize("jit", MODES)
def test_the_body_of_a_generator_is_a_function_of_its_own(jit: str) -> None:
    program = """\
    func* slow(n) {
        for i in range(n) {
            mut s := 0
            for k in range(100) { s := (s + k * i) % 1000 }
            yield s
        }
    }
    func all(n) {
        mut total := 0
        for item in slow(n) { total += item }
        return total
    }
    all(N)
    """
    run = Profiled(busy(program, jit, 10000), jit=jit)
    assert run.functions[0] == "slow"
    assert run.function("all").inclusive > 0.8 * run.function("slow").seconds


@pytest.mark.parametrize("jit", MODES)
def test_async_tasks_are_charged_to_their_functions(jit: str) -> None:
    program = """\
    async func quick(n) {
        await async_sleep(1)
        return n
    }
    async func slow(n) {
        await async_sleep(1)
        mut s := 0
        for i in range(n) { s := (s + i) % 1000 }
        return s
    }
    first := slow(N)
    second := quick(1)
    await first
    await second
    """
    run = Profiled(busy(program, jit, 5000000), jit=jit)
    assert run.functions[0] == "slow"


def test_functions_of_the_library_are_named() -> None:
    program = """\
    mut total := 0
    for i in range(400) {
        total := total + len(map(range(5000), func(x) { return x + 1 }))
    }
    """
    run = Profiled(program, jit="off")
    places = {function.name: function.place.file for function in run.totals.functions}
    assert places["map"] == LIBRARY
    assert "<lambda>" in places


def test_collecting_garbage_is_shown_apart() -> None:
    program = """\
    struct Node { next, value }
    mut list := null
    for i in range(1500000) { list := Node { next: list, value: [i] } }
    """
    run = Profiled(program, jit="off")
    assert run.profiles[0].recording.collections > 0
    assert run.totals.all.by_mode[GARBAGE] > 0


def test_waiting_for_the_jit_is_shown_apart_and_what_it_compiled_is_listed() -> None:
    many = "\n".join(HOT.replace("hot", f"hot{number}") for number in range(12))
    run = Profiled(busy(many.replace("mut total", "total"), "off"), jit="sync")
    assert run.totals.all.by_mode[WAITING] > 0
    assert "loop of hot" in run.report.split("\nCompilations\n")[1]
    assert Profiled(busy(HOT, "off"), jit="off").totals.all.by_mode.get(WAITING, 0.0) == 0


def test_a_spawned_block_is_watched_too() -> None:
    program = """\
    func busy(n) {
        mut s := 0
        for i in range(n) { s := (s + i) % 1000 }
        return s
    }
    answer := channel()
    spawn { answer.send(busy(8000000)) }
    print(answer.receive())
    """
    run = Profiled(program, jit="off")
    assert len(run.profiles) == 2
    assert run.function("busy").seconds > 0


def test_a_deep_recursion_is_cut_at_its_outer_end() -> None:
    program = """\
    func down(n) {
        if n == 0 {
            mut s := 0
            for i in range(5000000) { s := (s + i) % 1000 }
            return s
        }
        return down(n - 1) + 1
    }
    down(3000)
    """
    run = Profiled(program, jit="off")
    deepest = max(run.samples, key=lambda sample: sample.seconds)
    assert deepest.stack[0].name == "…"
    assert deepest.stack[-1].name == "down"
