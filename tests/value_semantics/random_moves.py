"""Random functions that pass containers around: from variable to variable, into pairs and structs, and out of them.

What a variable holds at the end must not depend on whether the value was moved, shared or copied on the way.
"""

from __future__ import annotations

import random
from collections.abc import Callable

ROUNDS = 6
"""How often each function is called: from the second time on, some of it may be compiled."""

_HELPERS = """\
struct Box { items, other }
func same(x) { return x }
func pair_of(x) { return [x, [1, 2]] }
func written(x) {
    x[0] := 99
    return x
}
func both(x, y) {
    y[0] := 77
    return [x, y, x[0]]
}
func early(x) {
    y := Ok(x)?
    y[0] := 66
    return Ok([y, x])
}
func kept(x) {
    y := x
    return [y, x]
}
func record(x) { return {"xs": x, "more": push(x, 6), "n": len(x)} }
func boxed(x) { return Box { items: x, other: [0] } }
func box_of(x, y) { return Box { items: x, other: y } }
func changed(b) {
    b.items := push(b.items, 5)
    return b
}
struct Bag {
    items
    other
    func add(self, x) {
        self.items := push(self.items, x)
        return self
    }
    func parts(self) { return [self.items, self.other] }
    func mixed(self, x) {
        self.other := x
        x[0] := 44
        return [self.items, self.other]
    }
}
mut g := [1]
mut h := [[2], [3]]
func touch(x) {
    g[0] := 55
    x[0] := 33
    return [g, x]
}
func swap(x) {
    y := g
    g := x
    return y
}
async func later(x) {
    await async_sleep(0)
    x[0] := 22
    return x
}
func* items_of(x) {
    for item in x {
        yield [item, x]
        x[0] := 11
    }
}
"""
_START = """\
    mut a := [1]
    mut b := [2, 3]
    mut c := [[4]]
    mut d := [5]
    mut p := [[1, 1], [2]]
    mut q := [[3], [[4]]]
    mut m := boxed([1])
    mut n := Box { items: [2], other: [[3]] }
    mut r := [0, 0]
    mut t := 1
    mut u := 0
    mut w := Box { items: [[1], [2, 3]], other: boxed([4]) }
    mut i := 0
    mut e := {"0": [8], "1": [9], "k": [7]}
    mut s := Bag { items: [1], other: [2] }
    g := [1]
    h := [[2], [3]]
    mut out := []
"""
_VARIABLES = ["w", "a", "b", "c", "d", "e", "g", "h", "p", "q", "m", "n", "s", "out"]
# A, P, B stand for a variable with an array, a pair, a struct; I for an index of a pair, F for a field, D for a digit.
# X, Y, Z are the same as before in the statement.
_STATEMENTS = [
    "A := A", "A := A", "A := push(A, D)", "A := push(A, A)", "P := pair_of(A)", "P := [A, A]", "A := P[I]",
    "A := push(P[I], 3)", "A := written(A)", "A := written(P[I])", "A[0] := D", "P[I] := A", "P[I][0] := D",
    "P[I] := push(X[J], D)", "P[I] := push(X[J], A)", "P[I] := push(X[J], X)", "P[I] := concat(X[J], X[I])",
    "[A, t] := pop(A)", "r := pop(A)\nA := r[0]\nt := r[1]", "P := kept(A)", "B := boxed(A)", "A := B.F",
    "A := push(B.F, 8)", "B.F := A", "B.F := push(X.G, A)", "B.F := push(X.G, X.F)", "B := changed(B)", "B := B",
    "P := P", "t := len(A) + len(P[I])", "out := push(out, [A, P, B])", "A := same(same(A))", "t += 1",
    "[A, u] := pop(B.F)", "A := pop(A)[0]", "A := pop(X)[0]", "A := pair_of(A)[I]", "A := kept(A)[I]",
    "B.F := pop(X.G)[0]", "A := boxed(A).F", "A := push(kept(A)[I], A)", "A := same(P)[I]", "i := t % 2\nA := P[i]",
    "P[i] := written(X[i])", "i := t % 2\nP[i] := written(X[i])", "i := t % 2\nA := P[i]\nA[0] := D\nP[i] := A",
    "A := P[i]", "e[i] := A", "e[i] := written(e[i])", "A := e[i]\nA[0] := D\ne[i] := A", "A := e[i]", "i += 1",
    "[A, u] := kept(A)", "[A, u] := kept(X)", "[[A, u], i] := [kept(A), 0]", "A := record(A)[\"xs\"]", "e[\"k\"] := A",
    "A := e[\"k\"]", "e[\"k\"] := written(e[\"k\"])", "P := [A, push(X, D)]", "P[0] := written(X[0])",
    "B := box_of(A, push(X, A))", "v := record(A)\nA := v[\"xs\"]\nA := v[\"more\"]",
    "w.items[I] := A", "w.items[i] := written(w.items[i])", "w.items[t % 2] := written(w.items[t % 2])",
    "w.other.items := written(w.other.items)", "w.other := changed(w.other)", "w.items[i] := kept(w.items[i])[I]",
    "A := w.items[I]", "A := w.other.items", "w.other.items := A", "w := same(w)", "w.items[t % 2] := push(A, w)",
    "u := both(A, A)", "u := both(A, X)", "P := both(A, A)", "A := both(A, A)[1]", "u := early(A)",
    "match early(A) { case Ok(r): { P := r } }", "v := Some(A)\nmatch v { case Some(x): { A := push(x, D) } }",
    "[A, u] := P", "[u, A] := P", "[A, u] := P\nA[0] := D", "[A, ...u] := P", "[A, ...u] := [A, A, u]",
    "{xs, more} := record(A)\nA := xs\nA := more",
    "g := A", "A := g", "g := written(g)", "A := written(g)", "g := push(g, D)", "h[I] := A", "h[I] := written(h[I])",
    "A := h[I]", "u := touch(A)", "A := touch(X)[I]", "A := touch(g)[I]", "A := swap(X)", "A := swap(A)", "[g, u] := P",
    "s := s.add(A)", "s.items := A", "A := s.parts()[I]", "P := s.mixed(A)", "P := s.mixed(s.items)",
    "s := s.add(D).add(s)", "A := s.add(A).items", "P := s.parts()",
    "for pair in items_of(A) { out := push(out, pair) }", "for [x, y] in items_of(P) { A := x }",
]  # fmt: skip
_KEPT = [
    "for k in range(4) {\nB := boxed(A)\nA[0] := k\n}", "for k in range(4) {\nP[I] := A\nA[0] := k\n}",
    "for k in range(4) {\nB := boxed(A)\nA[0] := len(B.items)\nout := push(out, B)\n}",
    "for k in range(3) {\nB.F := A\nA[0] := k\n}", "for k in range(3) {\ng := A\nA[0] := k\n}",
    "for k in range(3) {\nA := written(X)\nX[0] := k\n}", "for k in range(3) {\nu := kept(A)\nA[0] := k\n}",
    "for k in range(3) {\nu := [A]\nA[0] := k\nout := push(out, u)\n}",
    "for k in range(3) {\ne[\"k\"] := A\nA[0] := k\n}", "for k in range(3) {\nA := P[I]\nP[I][0] := k\n}",
    "for k in range(3) {\nu := same(w)\nw.items[0] := k\nout := push(out, u)\n}",
    "for k in range(3) {\nu := func() { return A }\nA[0] := k\nout := push(out, u())\n}",
    "for k in range(3) {\nB := box_of(A, B.F)\nB.items[0] := k\n}", "for k in range(3) {\nB := changed(B)\nm := B\n}",
]  # fmt: skip
"""Loops that give a container another holder in each round, and then write it."""
_CAPTURED = ["u := grow(A)", "A := grow(X)[I]", "P := grow(A)", "u := grow(P)", "u := grow(D)"]
_AWAITED = [
    "A := await later(A)", "A := await later(X)", "P := [A, await later(X)]", "u := later(A)\nA[0] := D\nA := await u",
    "P[I] := await later(X[I])", "await async_sleep(0)",
]  # fmt: skip
_YIELDED = ["yield A", "yield P", "yield [A, P]", "A := (yield A) ?? X", "P := [A, (yield X) ?? A]"]


class _Writer:
    def __init__(self, seed: int) -> None:
        self.choose = random.Random(seed)
        self.kind = self.choose.choice(["plain", "plain", "keeping", "keeping", "capturing", "async", "generator"])
        special = {"keeping": _KEPT, "capturing": _CAPTURED, "async": _AWAITED, "generator": _YIELDED}
        self.statements = _STATEMENTS + special.get(self.kind, []) * 3

    def statement(self, depth: int, in_loop: bool) -> str:
        kinds: list[Callable[[int, bool], str]] = [self._conditional, self._loop, self._walk, self._attempt]
        if depth < 3 and self.choose.random() < 0.15:
            return self.choose.choice(kinds)(depth + 1, in_loop)
        if in_loop and self.choose.random() < 0.06:
            return self.choose.choice(["if t > 3 { break }", "if t % 3 == 1 { continue }", "if t > 9 { return out }"])
        return self._filled(self.choose.choice(self.statements))

    def _filled(self, text: str) -> str:
        made, last, index, field = "", "", "", ""
        for letter in text:
            if letter in "APB":
                letter = last = self.choose.choice({"A": "abcd", "P": "pq", "B": "mn"}[letter])
            elif letter == "I":
                letter = index = self.choose.choice("01")
            elif letter == "F":
                letter = field = self.choose.choice(["items", "other"])
            else:
                letter = {"X": last, "J": index, "G": field, "D": self.choose.choice("0123456789")}.get(letter, letter)
            made += letter
        return made

    def block(self, depth: int, in_loop: bool) -> str:
        return "\n".join(self.statement(depth, in_loop) for _ in range(self.choose.randrange(1, 5)))

    def _conditional(self, depth: int, in_loop: bool) -> str:
        return f"if t % 2 == 0 {{\n{self.block(depth, in_loop)}\n}} else {{\n{self.block(depth, in_loop)}\n}}"

    def _loop(self, depth: int, in_loop: bool) -> str:
        return f"for k in range({self.choose.randrange(1, 4)}) {{\n{self.block(depth, True)}\n}}"

    def _walk(self, depth: int, in_loop: bool) -> str:
        stop = "if len(out) > 60 { break }\nif len(each_of) > 9 { break }"
        return self._filled("each_of := A\n") + f"for each in each_of {{\n{self.block(depth, True)}\n{stop}\n}}"

    def _attempt(self, depth: int, in_loop: bool) -> str:
        end = self.choose.choice(["", '\nthrow("now")'])
        kept = self._filled("out := push(out, [A, P, B])")
        return f"try {{\n{self.block(depth, in_loop)}{end}\n}} except error {{ {kept} }}"

    def _capturing(self) -> str:
        """A function that captures some of the variables, and changes them."""
        one, other = self.choose.sample("abcd", 2)
        return f"func grow(x) {{\n{one}[0] := x\n{other} := push({other}, x)\nreturn [{other}, {one}]\n}}\n"

    def function(self, name: str) -> str:
        """A function and calls of it that print what it gives."""
        start = _START + (self._capturing() if self.kind == "capturing" else "")
        body = "\n".join(self.statement(0, in_loop=False) for _ in range(self.choose.randrange(4, 14)))
        result = ", ".join(self.choose.sample(_VARIABLES, self.choose.randrange(1, 6)))
        word = {"async": "async func", "generator": "func*"}.get(self.kind, "func")
        end = f"yield [{result}]" if self.kind == "generator" else f"return [{result}]"
        return f"{word} {name}() {{\n{start}{body}\n{end}\n}}\n{self._call(name)}"

    def _call(self, name: str) -> str:
        """Whoever takes what a generator gives changes it."""
        call = f"print(await {name}())" if self.kind == "async" else f"print({name}())"
        if self.kind == "generator":
            call = f"for item in {name}() {{\nprint(item)\nif len(item) > 0 {{ item[0] := 88 }}\n}}"
        attempt = f"try {{ {call} }} except error {{ print(error.message) }}"
        return f"for round in range({ROUNDS}) {{ {attempt} }}\nprint(\"{name}\", g)\n"


def program(seed: int, functions: int) -> str:
    """A program that calls so many random functions and prints what they give."""
    writers = (_Writer(seed * functions + number) for number in range(functions))
    return _HELPERS + "".join(writer.function(f"f{number}") for number, writer in enumerate(writers))
