"""Errors in compiled code: messages, lines, call stacks and handlers are those of the interpreter."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.jit.hot_programs import run_command

PROGRAMS = {
    "division in a called function": """
        func ratio(a, b) {
            return a /
                b
        }
        func middle(i) { return ratio(100, 1500 - i) }
        for i in 3000 {
            middle(i)
        }
    """,
    "an index in a hot loop inside a function": """
        func sum(a, n) {
            mut t := 0
            mut i := 0
            while i < n {
                t += a[i]
                i += 1
            }
            return t
        }
        values := range(2000)
        print(sum(values, 2000))
        print(sum(values, 2001))
    """,
    "an overflow in a hot loop at top level": """
        mut t := 1
        for i in 5000 {
            if i > 4000 {
                t = t * 3
            }
        }
    """,
    "a throw through compiled calls": """
        func check(i) {
            if i == 2345 { throw("bad ${i}") }
            return i
        }
        func pass_on(i) { return check(i) + 1 }
        func outer(n) {
            mut t := 0
            for i in n { t += pass_on(i) }
            return t
        }
        outer(3000)
    """,
    "a wrong number of arguments": """
        func f(a) { return a }
        func g(h, i) {
            if i < 1500 { return h(i) }
            return h(i, i)
        }
        for i in 3000 { g(f, i) }
    """,
    "a missing field": """
        struct P { x: int }
        struct Q { y: int }
        func get(p) { return p.x }
        for i in 3000 {
            if i == 2999 { get(Q { y: 1 }) }
            get(P { x: i })
        }
    """,
    "a call of something that is no function": """
        mut f := func(x) { return x }
        func use(i) { return f(i) }
        for i in 3000 {
            if i == 2000 { f = 5 }
            use(i)
        }
    """,
    "an undefined name": """
        func use(i) {
            if i > 2500 { return missing_thing }
            return i
        }
        for i in 3000 { use(i) }
    """,
    "deep recursion": """
        func down(n) { return up(n + 1) }
        func up(n) { return down(n + 1) }
        for i in 200 {
            try { if i < 150 { throw("x") } } except e { }
        }
        print("start")
        down(0)
    """,
}


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("threshold", ["1", "100"])
def test_an_uncaught_error_is_reported_as_by_the_interpreter(tmp_path: Path, name: str, threshold: str) -> None:
    interpreted = run_command(tmp_path, PROGRAMS[name], "--jit", "off")
    compiled = run_command(tmp_path, PROGRAMS[name], "--jit", "sync", "--jit-threshold", threshold)
    assert interpreted.stderr != "" and interpreted.returncode == 4
    assert compiled.stderr == interpreted.stderr
    assert (compiled.stdout, compiled.returncode) == (interpreted.stdout, interpreted.returncode)


HANDLERS = """
    func risky(i) {
        if i % 7 == 0 { return 1 / 0 }
        if i % 11 == 0 { throw("eleven ${i}") }
        return i
    }
    func guarded(i) {
        mut kept := i
        try {
            kept = kept + 1
            kept = kept + risky(i)
        } except e {
            return [kept, e.message, e.line, len(e.stack)]
        }
        return kept
    }
    func loop_with_handler(n) {
        mut good := 0
        mut bad := 0
        mut i := 0
        while i < n {
            i += 1
            try {
                if i % 5 == 0 { continue }
                good += risky(i)
            } except e {
                bad += 1
            }
        }
        return [good, bad]
    }
    func nested(i) {
        try {
            try { risky(i) } except inner { throw("again: ${inner.message}") }
        } except outer {
            return outer.message
        }
        return "fine"
    }
    for i in 500 {
        guarded(i)
        nested(i)
    }
    print(guarded(8), guarded(7), guarded(22))
    print(loop_with_handler(5000), loop_with_handler(3))
    print(nested(7), nested(11), nested(1))
    mut caught := 0
    for i in 4000 {
        try { risky(i) } except e { caught += 1 }
    }
    print(caught)
"""


@pytest.mark.parametrize("options", [
    ("--jit", "sync"), ("--jit", "sync", "--jit-threshold", "1"), ("--jit", "auto"),
])  # fmt: skip
def test_handlers_in_compiled_functions_and_loops_catch(tmp_path: Path, options: tuple[str, ...]) -> None:
    interpreted = run_command(tmp_path, HANDLERS, "--jit", "off")
    compiled = run_command(tmp_path, HANDLERS, *options)
    assert interpreted.stderr == "" and len(interpreted.stdout.splitlines()) == 4
    assert compiled.stdout == interpreted.stdout
    assert compiled.stderr == ""


def test_recursion_to_the_limit_names_the_functions_on_the_stack(tmp_path: Path) -> None:
    text = """
        func even(n) { return odd(n + 1) }
        func odd(n) { return even(n + 1) }
        func warm(n) { if n > 0 { return warm(n - 1) }
            return 0 }
        for i in 300 { warm(20) }
        try { even(0) } except e { print(e.message, len(e.stack) > 9000, e.stack[0], e.stack[1]) }
        func endless(n) { return endless(n + 1) + 1 }
        try { endless(0) } except e { print(e.message, e.stack[5]) }
        print(warm(9000))
    """
    interpreted = run_command(tmp_path, text, "--jit", "off")
    for threshold in ("1", "100"):
        compiled = run_command(tmp_path, text, "--jit", "sync", "--jit-threshold", threshold)
        assert compiled.stdout == interpreted.stdout
    assert len(interpreted.stdout.splitlines()) == 3, interpreted.stderr
