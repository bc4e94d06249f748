"""Moves, loans and marks are invisible: compiled programs print what the reference evaluator prints."""

from __future__ import annotations

import io

import pytest

from rufflang.reference import run
from rufflang.syntax import Source
from tests.bytecode.model import output_of, parsed_program

PROGRAMS = {
    "a moved argument does not change an alias": """
        func grow(xs) { xs[0] := 99
            return push(xs, 1) }
        a := [1]
        b := a
        a := grow(a)
        print(a, b)
    """,
    "a failed call leaves the variable as it was": """
        func spoil(xs) { xs[0] := 99
            throw("no") }
        func go() {
            xs := [1]
            try { xs := spoil(xs) } except e { print(xs, e.message) }
        }
        go()
    """,
    "a lent parameter does not see writes to the global it came from": """
        g := [1, 2]
        func look(p) { g[0] := 9
            return p[0] }
        print(look(g), g)
    """,
    "a loop over a global does not see writes to it": """
        g := [1, 2, 3]
        func hit() { g[2] := 99 }
        for x in g { hit()
            print(x) }
        print(g)
    """,
    "a loop over a parameter does not see writes to the parameter": """
        func f(p) { for x in p { p[1] := 7
            print(x) }
            return p }
        print(f([1, 2]))
    """,
    "an argument is fixed when it is evaluated": """
        g := [1]
        func change() { g[0] := 2
            return 0 }
        print(g, change(), g)
        func pair(a, b) { return [a, b] }
        print(pair(g, change()))
    """,
    "an operand is fixed when it is evaluated": """
        g := [[1], [2]]
        func change() { g[0][0] := 5
            return [1] }
        print(g[0] == change(), g)
        d := {"k": [1]}
        func touch() { d.k[0] := 8
            return "k" }
        print("${d} ${touch()} ${d}")
    """,
    "loop items are copies": """
        rows := [[1], [2]]
        for row in rows { row[0] := 9
            print(row) }
        print(rows)
        kept := []
        for row in rows { kept := push(kept, row) }
        rows[0][0] := 7
        print(rows, kept)
    """,
    "matched payloads are copies": """
        box := Ok([1, 2])
        match box { case Ok(v) { v[0] := 9
            print(v) } }
        print(box)
        match box { case Ok(w) { print(len(w)) } }
    """,
    "a returned loop item can be written without changing the array": """
        func first(xs) { for x in xs { return x } }
        rows := [[1], [2]]
        r := first(rows)
        r[0] := 5
        print(rows, r)
    """,
    "destructured pieces are copies": """
        rows := [[1], [2]]
        [a, b] := rows
        a[0] := 9
        rows[1][0] := 8
        print(rows, a, b)
        [a, b] := [b, a]
        print(a, b)
    """,
    "popping is repeatable": """
        stack := [[1], [2]]
        before := stack
        [stack, top] := pop(stack)
        top[0] := 7
        [stack, rest] := pop(stack)
        print(stack, top, rest, before)
    """,
    "struct literals keep copies": """
        func wrap(xs) { return Box { items: xs } }
        a := [1]
        b := wrap(a)
        b.items[0] := 2
        print(a, b)
        b.items := push(b.items, 3)
        c := b
        c.items[0] := 100
        print(b, c)
    """,
    "self is a copy": """
        struct Counter { n: int = 0, log = []
            func bump(self) { self.n += 1
                self.log := push(self.log, self.n)
                return self }
            func peek(self) { return self.log } }
        c := Counter {}
        d := c.bump()
        c := c.bump().bump()
        l := c.peek()
        l[0] := 50
        print(c, d, l)
    """,
    "fields seen by methods without self are copies": """
        struct P { xs
            func add(v) { xs := push(xs, v)
                extra := v
                return [xs, extra] }
            func twice() { f := func() { xs[0] := 5
                    return xs }
                return [f(), xs] } }
        p := P { xs: [1] }
        print(p.add(2), p.twice(), p)
    """,
    "captured variables are shared, their values are not": """
        func make() { xs := [1]
            return [func() { xs[0] += 1
                return xs }, func() { return xs }] }
        [inc, get] := make()
        a := inc()
        b := inc()
        print(a, b, get())
    """,
    "a global moved into push keeps its aliases apart": """
        items := []
        func add(v) { items := push(items, v)
            return items }
        one := add(1)
        two := add(2)
        print(one, two, items)
    """,
    "a recursive function that builds an array": """
        func build(xs, n) { if n == 0 { return xs }
            return build(push(xs, n), n - 1) }
        base := [0]
        print(build(base, 3), base)
    """,
    "a returned global is a copy": """
        g := {"a": [1]}
        func get() { return g.a }
        x := get()
        x[0] := 2
        print(g, x)
    """,
    "a coalesced value is a copy": """
        a := [1]
        b := null ?? a
        b[0] := 2
        c := a ?? [0]
        c[0] := 3
        print(a, b, c)
    """,
    "an unwrapped payload is a copy": """
        func f(r) { x := r?
            x[0] := 9
            return x }
        r := Ok([1])
        print(f(r), r, f(Err("e")))
    """,
    "spread elements are copies": """
        a := [[1]]
        b := [...a, [2]]
        b[0][0] := 9
        d := {"k": a}
        e := {...d}
        e.k[0][0] := 8
        print(a, b, d, e)
    """,
    "piped values are copies": """
        func change(xs, v) { xs[0] := v
            return xs }
        a := [1]
        print(a |> change(5), a)
        a := a |> change(6)
        print(a)
    """,
    "a method argument is fixed when it is evaluated": """
        struct S { v
            func pair(self, a, b) { return [self.v, a, b] } }
        g := [1]
        s := S { v: [0] }
        func poke() { g[0] += 1
            s.v[0] += 1
            return g }
        print(s.pair(g, poke()), s)
    """,
    "an overloaded operator works on copies": """
        struct V { x
            func op_add(self, o) { self.x[0] += o
                total.x[0] := 100
                return self } }
        total := V { x: [1] }
        print(total + 1, total)
        total += 2
        print(total)
    """,
    "a place is written after everything else is evaluated": """
        g := [[0], [0]]
        func i() { g := [[5], [6], [7]]
            return 2 }
        g[i()][0] := 1
        print(g)
        g[0][0] += g[1][0]
        print(g)
    """,
    "many arguments": """
        func f(a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r) { r[0] := 1
            q[0] := 2
            return [q, r] }
        x := [0]
        print(f(x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x), x)
    """,
    "match arms bind in the surrounding scope": """
        func f(v) {
            match v { case Ok(x) { } case T::A(y) { z := y } default { x := "none" } }
            try { print(x) } except e { print(e.message) }
            try { print(y, y_1) } except e { print(e.message) }
            try { print(z) } except e { print(e.message) }
        }
        f(Ok(1))
        f(T::A(1, 2))
        f(3)
    """,
    "an arm may make a variable immutable": """
        func f(v) {
            match v { case 1 { let x := 1 } case 2 { x := 2 } default { } }
            try { x := 5
                print(x) } except e { print(e.message) }
            try { let x := 6
                print(x) } except e { print(e.message) }
        }
        f(1)
        f(2)
        f(3)
    """,
    "closures see variables declared after them": """
        func f() {
            g := func() { return later }
            try { print(g()) } except e { print(e.message) }
            later := [1]
            print(g())
            later[0] := 2
            print(g())
        }
        f()
    """,
    "mutual recursion of nested functions": """
        func f(n) {
            func even(k) { if k == 0 { return true }
                return odd(k - 1) }
            func odd(k) { if k == 0 { return false }
                return even(k - 1) }
            return even(n)
        }
        print(f(10), f(7))
    """,
    "assignment in a function finds a global that appears later": """
        func set() { v := 2
            v += 1
            return v }
        print(set())
        v := 1
        print(set(), v)
    """,
    "prelude names can become variables at any time": """
        func size(x) { return len(x) }
        print(size([1, 2]))
        len := func(x) { return "mine" }
        print(size([1, 2]))
        func local() { max := 3
            max += 1
            return max }
        print(local(), max(1, 2))
    """,
    "evaluation of compound targets": """
        log := []
        func at(i) { log := push(log, i)
            return i }
        xs := [[1, 2], [3, 4]]
        xs[at(1)][at(0)] += at(10)
        print(xs, log)
    """,
    "long array literals": "xs := [" + ",".join(str(n) for n in range(200)) + ",...[1,2],[3]]\nprint(xs)",
    "long interpolations": 'x := 1\nprint("' + "${x}," * 150 + '")',
    "deep operators": "print(" + "+".join("1" for _ in range(3000)) + ")",
}


def _reference_output(text: str) -> str:
    stream = io.StringIO()
    source = Source("test.ruff", text)
    outcome = run(parsed_program(source), source, stdout=stream, stderr=io.StringIO())
    return stream.getvalue() + (f"error: {outcome.error.message}\n" if outcome.error else "")


@pytest.mark.parametrize("name", PROGRAMS)
def test_values_behave_as_copies(name: str) -> None:
    text = PROGRAMS[name]
    assert output_of(text) == _reference_output(text)
