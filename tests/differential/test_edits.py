"""Programs that are edited in ways which their machine code must not survive behave as they then stand.

All versions run one after the other with one cache, each twice, and then the first one again.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.differential.running import AT_ONCE, DEFAULT, Way, checked
from tests.differential.workers import Worker

CALLS = """
    func inner(x) { return x * 2 }
    func other(x) { return x + 100 }
    func long(x) {
        mut t := 0
        for i in 3 { t := t + inner(x + i) }
        for i in 2 { t := t + other(t % 7) }
        return t
    }
    func around(n) {
        mut t := 0
        for i in n { t := t + inner(i) + long(i) + other(i) }
        return t
    }
    print(around(1500), around(3))
"""

STRUCTS = """
    struct Point {
        x, y
        func first(self) { return self.x }
        func second(self) { return self.y * 2 }
    }
    struct Pair { left, right }
    func point(i) { return Point { x: i, y: i + 0.5 } }
    func look(p, n, late) {
        mut t := 0.0
        for i in n {
            if i > late { t := t + p.x + p.second() * 3 - p.first() }
        }
        return t
    }
    func pairs(n) {
        mut t := 0
        for i in n {
            p := Pair { left: i, right: t }
            t := p.left + p.right % 1000
        }
        return t
    }
    print(look(point(3), 1500, 20), look(point(4), 1500, 1200), pairs(1500))
"""

GLOBALS = """
    LIMIT := 7
    func step(x) { return x + LIMIT }
    func apply(f, x) { return f(x) }
    func around(n) {
        mut t := 0
        for i in n { t := apply(step, t) + apply(func(y) { return y % 5 }, i) + len([t, i]) }
        return t
    }
    print(around(1500))
"""

SHADOWED = "func len(xs) { return 40 }\n"

ALIKE = "func alike() {\n        func inner(x) { return x * 2 }\n        return inner\n    }\n"

METHODS = (
    "func first(self) { return self.x }\n        func second(self) { return self.y * 2 }",
    "func first(self) { return self.y * 2 }\n        func second(self) { return self.x }",
)

EDITS: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "a constant": (CALLS, [("x * 2", "x * 3")]),
    "a constant of another kind": (CALLS, [("x * 2", "x * 0.5")]),
    "the caller of what is inlined": (CALLS, [("inner(i) +", "inner(i) -")]),
    "what is called directly": (CALLS, [("t % 7", "t % 5")]),
    "how many parameters there are": (CALLS, [("func other(x)", "func other(x, y)")]),
    "how many arguments there are as well": (
        CALLS, [("func other(x) { return x", "func other(y, x) { return y"), ("other(i", "other(1, i"),
                ("other(t", "other(1, t")],
    ),
    "the names of two functions": (CALLS, [("func inner", "func new"), ("func other", "func inner"),
                                           ("func new", "func other")]),
    "the order of functions": (CALLS, [("    func inner(x) { return x * 2 }\n", ""),
                                       ("    print(", "    func inner(x) { return x * 2 }\n    print(")]),
    "a function in front": (CALLS, [("\n    func inner", "\n    func added(x) { return x }\n    func inner")]),
    "a function in front that is like another": (
        CALLS, [("\n    func inner", f"\n    {ALIKE}    func inner")],
    ),
    "a function that becomes a generator": (
        CALLS, [("func other(x) { return x + 100 }", "func* other(x) { yield x + 100 }")],
    ),
    "a global that may change": (CALLS, [("func inner(x)", "mut inner := func(x)")]),
    "the order of fields": (STRUCTS, [("x, y\n", "y, x\n"), ("left, right", "right, left")]),
    "the order of literals": (STRUCTS, [("left: i, right: t", "right: t, left: i")]),
    "a further field in front": (STRUCTS, [("x, y\n", "w, x, y\n"), ("x: i,", "w: 9, x: i,")]),
    "a field that is missing": (STRUCTS, [("y: i + 0.5", "z: i + 0.5")]),
    "the bodies of two methods": (STRUCTS, [METHODS]),
    "the names of two methods": (STRUCTS, [("func first", "func new"), ("func second", "func first"),
                                           ("func new", "func second")]),
    "a method that becomes a field": (
        STRUCTS, [("func first(self) { return self.x }", ""), ("x, y\n", "x, y, first\n"),
                  ("y: i + 0.5", "y: i + 0.5, first: func() { return 1 }")],
    ),
    "the names of two structs": (STRUCTS, [("Point", "New"), ("Pair", "Point"), ("New", "Pair")]),
    "a struct in front": (STRUCTS, [("\n    struct Point", "\n    struct Added { y, x }\n    struct Point")]),
    "a struct of the same name inside": (
        STRUCTS, [("func point(i) {", "func point(i) {\n        struct Point { y, x\n"
                   "func first(self) { return 5 }\nfunc second(self) { return 6 } }")],
    ),
    "a global of another kind": (GLOBALS, [("LIMIT := 7", "LIMIT := 7.5")]),
    "a global that is a function": (GLOBALS, [("LIMIT := 7", "func LIMIT() { return 7 }")]),
    "a function that is handed on": (GLOBALS, [("apply(step", "apply(func(x) { return x - LIMIT }")]),
    "a function made inside": (GLOBALS, [("return y % 5", "return y % 6")]),
    "a builtin that is shadowed": (GLOBALS, [("\n    LIMIT", f"\n    {SHADOWED}    LIMIT")]),
    "a builtin that is another one": (GLOBALS, [("len([t, i])", "min(t, i)")]),
}  # fmt: skip


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker(patience=3.0) as started:
        yield started


@pytest.mark.parametrize("way", [AT_ONCE, DEFAULT], ids=lambda way: way.name)
@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_program_behaves_as_it_stands(worker: Worker, edit: str, way: Way) -> None:
    before, changes = EDITS[edit]
    after = before
    for old, new in changes:
        assert old in after
        after = after.replace(old, new)
    assert checked(before) is not None and checked(after) is not None
    assert worker.difference((before, after, before), (way, way.again())) is None
