"""Programs that must be stopped: by Ctrl-C, and by the memory limit."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.robustness.programs import first_error, output, printed_until_interrupted, run

MODES = pytest.mark.parametrize("mode", ["off", "sync"])

BUSY = {
    "loop": 'i := 0\neprint("go")\nwhile true { i := i + 1 }',
    "catching loop": 'eprint("go")\nwhile true { try { throw("x") } except e { y := e } }',
    "recursion": 'func f(n) { if n < 2 { return n }\n return f(n - 1) + f(n - 2) }\neprint("go")\nf(90)',
    "sleep": 'eprint("go")\nsleep(100000)\nprint("woke up")',
    "callback": 'eprint("go")\nmap(range(0, 1000000000), func(x) { return x })',
    "sort": 'xs := map(range(0, 3000000), func(i) { return i * 7919 % 1000003 })\neprint("go")\n'
    "while true { ys := sort(xs) }",
    "input": 'eprint("go")\nx := input("? ")\nprint("read", x)',
}


@MODES
@pytest.mark.parametrize("work", BUSY)
def test_ctrl_c_ends_a_program_soon(tmp_path: Path, work: str, mode: str) -> None:
    program = 'print("printed before")\n' + BUSY[work]
    printed = printed_until_interrupted(tmp_path, program, "--jit", mode)
    assert printed.startswith("printed before\n")
    assert "woke up" not in printed and "read" not in printed


GREEDY = {
    "array": ("", 'xs := []\nwhile true { xs := push(xs, "text") }'),
    "ints": ("", "xs := []\nwhile true { xs := push(xs, 1) }"),
    "string": ("", 's := "x"\nwhile true { s := s + s }'),
    "string by pieces": ("", 's := ""\nwhile true { s := s + "piece" }'),
    "dict": ("", 'd := {}\ni := 0\nwhile true { d["key ${i}"] := i\n i := i + 1 }'),
    "range": ("", "xs := range(0, 100000000000)"),
    "repeat": ("", 's := repeat("text", 100000000000)'),
    "concat": ("", "xs := [1, 2, 3]\nwhile true { xs := concat(xs, xs) }"),
    "structs": ("struct N { next: any }", "head := null\nwhile true { head := N { next: head } }"),
    "recursion without loops": (
        'func f(n) { if n == 0 { return 1 }\n return { "a": f(n - 1), "b": f(n - 1) } }', "f(60)",
    ),
    "closures": ("", "fs := []\nwhile true { x := len(fs)\n fs := push(fs, func() { return x }) }"),
    "display": ("xs := [1]\nfor i in range(0, 60) { xs := [xs, xs] }", "print(len(to_string(xs)))"),
    "map": ("", "xs := map(range(0, 100000000), func(x) { return [x] })"),
    "pad": ("", 's := pad_left("x", 100000000000, " ")'),
    "join": ("", 'xs := map(range(0, 1000), func(i) { return repeat("x", 100000) })\ns := join(xs, "")'),
    "replace": ("", 's := repeat("x", 1000000)\nt := replace(s, "x", s)'),
}  # fmt: skip


@MODES
@pytest.mark.parametrize("greed", GREEDY)
def test_the_memory_limit_ends_a_program_whatever_it_catches(tmp_path: Path, greed: str, mode: str) -> None:
    before, work = GREEDY[greed]
    text = "\n".join([before, "try {", work, "} except e { }", 'print("went on")'])
    result = run(tmp_path, text, "--max-memory", "64MB", "--jit", mode)
    assert result.exit_code == 4
    assert first_error(result) == "[RUFVM001] [vm] Runtime Error: Memory limit of 64MB exceeded"
    assert "hostile.ruff:0:0" not in result.stderr
    assert "went on" not in result.stdout


@MODES
def test_garbage_does_not_count_against_the_memory_limit(tmp_path: Path, mode: str) -> None:
    text = """
i := 0
total := 0
while i < 300 {
    s := repeat("x", 1000000)
    xs := range(0, 100000)
    total := total + len(s) + len(xs)
    i := i + 1
}
print(total)
"""
    assert output(tmp_path, text, "--max-memory", "16MB", "--jit", mode) == ["330000000"]


def test_the_memory_limit_tells_where_and_in_which_functions(tmp_path: Path) -> None:
    text = "func inner(xs) {\n    while true { xs := push(xs, 1.5) }\n}\nfunc outer() { inner([]) }\nouter()"
    result = run(tmp_path, text, "--max-memory", "8MB")
    lines = result.stderr.splitlines()
    assert lines[0] == "[RUFVM001] [vm] Runtime Error: Memory limit of 8MB exceeded"
    assert lines[1].startswith("  --> hostile.ruff:2:")
    assert lines[-3:] == ["Call stack:", "  0 at inner", "  1 at outer"]
