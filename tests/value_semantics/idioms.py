"""Ways of writing that keep a large value while it changes a little at a time.

Nobody holds the value beside the variable, field or entry that it came from, so nothing large may be copied.  Each
program defines `run(n)`, which takes so many steps.
"""

from __future__ import annotations

IDIOMS = {
    "an argument changed by a function that another argument is computed from": """
func put(xs, m, i) {
    xs[i % len(xs)] := m
    return xs
}
func run(n) {
    mut xs := range(1000)
    for i in range(n) { xs := put(xs, len(xs), i) }
    return len(xs)
}
""",
    "an inner array that grows": """
func run(n) {
    mut b := [[], []]
    for i in range(n) { b[i % 2] := push(b[i % 2], i) }
    return len(b[0])
}
""",
    "a state returned in an array": """
func step(s, i) {
    s := push(s, i)
    return [s, i]
}
func run(n) {
    mut s := []
    mut t := 0
    for i in range(n) {
        r := step(s, i)
        s := r[0]
        t += r[1]
    }
    return len(s) + t
}
""",
    "methods that return self, one after the other": """
struct S {
    items
    func add(self, x) {
        self.items := push(self.items, x)
        return self
    }
    func set(self, i, x) {
        self.items[i] := x
        return self
    }
}
func run(n) {
    mut s := S { items: [0] }
    for i in range(n) { s := s.add(i).set(0, i).add(2) }
    return len(s.items)
}
""",
    "a variable that a closure changes": """
func run(n) {
    mut xs := []
    add := func(x) { xs := push(xs, x) }
    for i in range(n) { add(i) }
    return len(xs)
}
""",
    "a best and a current one": """
func run(n) {
    mut best := []
    mut cur := []
    for i in range(n) {
        cur := push(cur, i)
        if i % 1000 == 999 {
            if len(cur) > len(best) { best := cur }
            cur := []
        }
        best := push(best, i)
    }
    return len(best)
}
""",
    "an array result taken apart": """
func step(s, i) {
    s := push(s, i)
    return [s, i]
}
func run(n) {
    mut s := []
    mut t := 0
    mut v := 0
    for i in range(n) {
        [s, v] := step(s, i)
        t += v
    }
    return len(s) + t
}
""",
    "a dict result taken apart": """
func step(s, i) {
    s := push(s, i)
    return {"s": s, "v": i}
}
func run(n) {
    mut s := []
    mut t := 0
    mut v := 0
    for i in range(n) {
        {s, v} := step(s, i)
        t += v
    }
    return len(s) + t
}
""",
    "a state returned in a dict": """
func step(s, i) {
    s := push(s, i)
    return {"state": s, "value": i}
}
func run(n) {
    mut s := []
    mut t := 0
    for i in range(n) {
        r := step(s, i)
        s := r["state"]
        t += r["value"]
    }
    return len(s) + t
}
""",
    "a state returned in an enum value": """
enum St { Run, Done }
func step(s, i) {
    s := push(s, i)
    return St::Run(s, i)
}
func run(n) {
    mut s := []
    mut t := 0
    for i in range(n) {
        match step(s, i) {
            case St::Run(x, y): {
                s := x
                t += y
            }
            default: { return 0 }
        }
    }
    return len(s) + t
}
""",
    "a global that a function lets grow": """
mut items := []
func add(x) { items := push(items, x) }
func run(n) {
    for i in range(n) { add(i) }
    return len(items)
}
""",
    "a global whose elements a function sets": """
mut items := [0, 0, 0]
func add(x) {
    items[x % len(items)] := x
    items := push(items, x)
}
func run(n) {
    for i in range(n) { add(i) }
    return len(items)
}
""",
    "groups in a field": """
struct S { groups }
func run(n) {
    mut s := S { groups: {} }
    for i in range(n) {
        k := i % 3
        if !contains(s.groups, k) { s.groups[k] := [] }
        s.groups[k] := push(s.groups[k], i)
    }
    return len(s.groups[0])
}
""",
    "branches that each hand the value on": """
func grow(xs, i) {
    if i % 2 == 0 { return push(xs, i) }
    return push(push(xs, i), i)
}
func run(n) {
    mut xs := []
    for i in range(n) { if i % 3 == 0 { xs := grow(xs, i) } else { xs := grow(grow(xs, i), 1) } }
    return len(xs)
}
""",
    "an element taken out, changed and put back": """
struct P { x, hist }
func run(n) {
    mut ps := []
    for i in range(10) { ps := push(ps, P { x: i, hist: [] }) }
    for t in range(n / 10) {
        for i in range(10) {
            mut p := ps[i]
            p.x += 1
            p.hist := push(p.hist, t)
            ps[i] := p
        }
    }
    return len(ps[0].hist)
}
""",
    "a state returned in a result": """
func step(s, i) {
    s := push(s, i)
    return Ok(s)
}
func run(n) {
    mut s := []
    for i in range(n) {
        match step(s, i) {
            case Ok(x): s := x
            default: return 0
        }
    }
    return len(s)
}
""",
    "a result in a variable": """
func step(s, i) {
    s := push(s, i)
    return Ok(s)
}
func run(n) {
    mut s := []
    for i in range(n) {
        got := step(s, i)
        match got {
            case Ok(x): s := x
            default: return 0
        }
    }
    return len(s)
}
""",
    "a method that groups": """
struct S {
    groups
    func add(self, k, x) {
        if !contains(self.groups, k) { self.groups[k] := [] }
        self.groups[k] := push(self.groups[k], x)
        return self
    }
}
func run(n) {
    mut s := S { groups: {} }
    for i in range(n) { s := s.add(i % 3, i) }
    return len(s.groups[0])
}
""",
    "calls inside calls": """
func a(s) {
    s.items := push(s.items, 1)
    return s
}
func b(s) {
    s.items[0] := 5
    return s
}
struct S { items }
func run(n) {
    mut s := S { items: [0] }
    for i in range(n) { s := a(b(a(s))) }
    return len(s.items)
}
""",
    "a pipe": """
func add(xs, i) { return push(xs, i) }
func run(n) {
    mut xs := []
    for i in range(n) { xs := xs |> add(i) }
    return len(xs)
}
""",
    "a recursion with what it collects": """
func go(i, n, acc) {
    if i == n { return acc }
    return go(i + 1, n, push(acc, i))
}
func run(n) {
    mut xs := []
    for k in range(n / 500) { xs := go(0, 500, xs) }
    return len(xs)
}
""",
    "reduce into a dict": """
func run(n) {
    ys := reduce(range(n), {}, func(acc, x) {
        acc[x] := 1
        return acc
    }
    )
    return len(ys)
}
""",
    "reduce into an array": """
func run(n) {
    ys := reduce(range(n), [], func(acc, x) { return push(acc, x) })
    return len(ys)
}
""",
    "elements removed at the front": """
func run(n) {
    mut xs := range(n)
    mut t := 0
    while len(xs) > 0 {
        xs := remove_at(xs, 0)[0]
        t += 1
    }
    return t
}
""",
    "entries removed": """
func run(n) {
    mut d := {}
    for i in range(n) { d[i] := i }
    mut t := 0
    for i in range(n) { d := remove(d, i)[0] }
    return len(d)
}
""",
    "self returned beside something read from it": """
struct R {
    at, log
    func next(self) {
        self.at += 1
        self.log := push(self.log, self.at)
        return [self, self.at]
    }
}
func run(n) {
    mut r := R { at: 0, log: [] }
    mut t := 0
    for i in range(n) {
        p := r.next()
        r := p[0]
        t += p[1]
    }
    return t
}
""",
    "a set that grows": """
func run(n) {
    mut s := Set([])
    for i in range(n) { s := set_add(s, i) }
    return len(s)
}
""",
    "a set in a field": """
struct S { seen }
func run(n) {
    mut s := S { seen: Set([]) }
    for i in range(n) { s.seen := set_add(s.seen, i) }
    return len(s.seen)
}
""",
    "skip of one element": """
func run(n) {
    mut xs := range(n)
    mut t := 0
    while len(xs) > 0 {
        t += xs[0]
        xs := skip(xs, 1)
    }
    return t
}
""",
    "a stack in a dict": """
func run(n) {
    mut d := {"stack": []}
    for i in range(n) {
        d["stack"] := push(d["stack"], i)
        if i % 3 == 0 { d["stack"] := pop(d["stack"])[0] }
    }
    return len(d["stack"])
}
""",
    "a text in an array": """
func run(n) {
    mut xs := ["", ""]
    for i in range(n) { xs[1] := xs[1] + "ab" }
    return len(xs[1])
}
""",
    "a text that a closure lets grow": """
func run(n) {
    mut out := ""
    put := func(t) { out += t }
    for i in range(n) { put("ab") }
    return len(out)
}
""",
    "a text in a dict": """
func run(n) {
    mut d := {"out": ""}
    for i in range(n) { d["out"] += "ab" }
    return len(d["out"])
}
""",
    "a text in a field": """
struct S { out }
func run(n) {
    mut s := S { out: "" }
    for i in range(n) { s.out := s.out + "ab" }
    return len(s.out)
}
""",
    "a method that lets a text grow": """
struct S {
    out
    func put(self, t) {
        self.out += t
        return self
    }
}
func run(n) {
    mut s := S { out: "" }
    for i in range(n) { s := s.put("ab") }
    return len(s.out)
}
""",
    "a global text": """
mut out := ""
func put(t) { out := out + t }
func run(n) {
    for i in range(n) { put("ab") }
    return len(out)
}
""",
    "a function that returns a longer text": """
func put(out, t) { return out + t }
func run(n) {
    mut out := ""
    for i in range(n) { out := put(out, "ab") }
    return len(out)
}
""",
    "two arrays that change places": """
func run(n) {
    mut a := []
    mut b := []
    for i in range(n) {
        a := push(a, i)
        t := a
        a := b
        b := t
    }
    return len(a) + len(b)
}
""",
    "the try operator": """
func step(s, i) {
    s := push(s, i)
    return Ok(s)
}
func all(n) {
    mut s := []
    for i in range(n) { s := step(s, i)? }
    return Ok(s)
}
func run(n) {
    match all(n) {
        case Ok(s): return len(s)
        case Err(e): return 0
    }
}
""",
    "a try that collects": """
func f(i) {
    if i % 100 == 0 { throw("x") }
    return i
}
func run(n) {
    mut xs := []
    for i in range(n) { try { xs := push(xs, f(i)) } except e { xs := push(xs, 0 - 1) } }
    return len(xs)
}
""",
    "a try that sets elements": """
func f(i) {
    if i % 100 == 0 { throw("x") }
    return i
}
func run(n) {
    mut xs := []
    for i in range(n) { xs := push(xs, 0) }
    for i in range(n) { try { xs[i] := f(i) } except e { xs[i] := 0 - 1 } }
    return len(xs)
}
""",
    "a dict's entry replaced by what its method returns": """
struct Acc {
    total, log
    func add(self, x) {
        self.total += x
        self.log := push(self.log, x)
        return self
    }
}
func run(n) {
    mut d := {"a": Acc { total: 0, log: [] }}
    for i in range(n) { d["a"] := d["a"].add(i) }
    return len(d["a"].log)
}
""",
    "a field replaced by what its method returns": """
struct Acc {
    total, log
    func add(self, x) {
        self.total += x
        self.log := push(self.log, x)
        return self
    }
}
struct World {
    acc, t
    func step(self, i) {
        self.acc := self.acc.add(i)
        self.t += 1
        return self
    }
}
func run(n) {
    mut w := World { acc: Acc { total: 0, log: [] }, t: 0 }
    for i in range(n) { w := w.step(i) }
    return len(w.acc.log)
}
""",
    "a field replaced by what a function returns": """
struct World { grid, t }
func put(grid, i) {
    grid[i % len(grid)] := i
    return grid
}
func step(w, i) {
    w.grid := put(w.grid, i)
    w.t += 1
    return w
}
func run(n) {
    mut w := World { grid: range(5000), t: 0 }
    for i in range(n) { w := step(w, i) }
    return w.t
}
""",
    "a function that sets an element of an inner array": """
func put(grid, y, x, v) {
    grid[y][x] := v
    return grid
}
func run(n) {
    mut g := []
    for y in range(100) { g := push(g, range(100)) }
    for i in range(n) { g := put(g, i % 100, i % 37, i) }
    return g[3][5]
}
""",
    "a queue of two stacks": """
struct Q { front, back }
func put(q, x) {
    q.back := push(q.back, x)
    return q
}
func take(q) {
    if len(q.front) == 0 {
        q.front := reverse(q.back)
        q.back := []
    }
    x := q.front[len(q.front) - 1]
    q.front := pop(q.front)[0]
    return [q, x]
}
func run(n) {
    mut q := Q { front: [], back: [] }
    mut t := 0
    for i in range(n) {
        q := put(q, i)
        if i % 3 == 2 {
            got := take(q)
            q := got[0]
            t += got[1]
        }
    }
    return t
}
""",
    "a state that functions hand to each other": """
struct P { tokens, at, out }
func advance(p) {
    p.at += 1
    return p
}
func emit(p, x) {
    p.out := push(p.out, x)
    return p
}
func item(p) {
    x := p.tokens[p.at]
    return emit(advance(p), x * 2)
}
func run(n) {
    mut p := P { tokens: range(n), at: 0, out: [] }
    while p.at < len(p.tokens) { p := item(p) }
    return len(p.out)
}
""",
    "a list turned round": """
struct Node { value, next }
func run(n) {
    mut head := null
    for i in range(n) { head := Node { value: i, next: head } }
    mut done := null
    while head != null {
        rest := head.next
        head.next := done
        done := head
        head := rest
    }
    return done.value
}
""",
    "a closure that returns how much it has collected": """
func make() {
    mut log := []
    return func(x) {
        log := push(log, x)
        return len(log)
    }
}
func run(n) {
    f := make()
    mut t := 0
    for i in range(n) { t := f(i) }
    return t
}
""",
    "a struct's field that a closure lets grow": """
struct S { log }
func run(n) {
    mut s := S { log: [] }
    f := func(x) { s.log := push(s.log, x) }
    for i in range(n) { f(i) }
    return len(s.log)
}
""",
    "a global struct's field": """
struct S { log, n }
mut state := S { log: [], n: 0 }
func add(x) {
    state.log := push(state.log, x)
    state.n += 1
}
func run(n) {
    for i in range(n) { add(i) }
    return state.n
}
""",
    "a global dict's entry": """
mut state := {"log": [], "n": 0}
func add(x) {
    state["log"] := push(state["log"], x)
    state["n"] += 1
}
func run(n) {
    for i in range(n) { add(i) }
    return state["n"]
}
""",
    "a function that returns early": """
func add(xs, x) {
    if x < 0 { return xs }
    if x % 2 == 0 {
        xs := push(xs, x)
        return xs
    }
    return push(xs, 0 - x)
}
func run(n) {
    mut xs := []
    for i in range(n) { xs := add(xs, i) }
    return len(xs)
}
""",
    "an argument that may be null": """
func add(x, xs) {
    if xs == null { xs := [] }
    return push(xs, x)
}
func run(n) {
    mut xs := null
    for i in range(n) { xs := add(i, xs) }
    return len(xs)
}
""",
    "another variable for a while": """
func run(n) {
    mut xs := range(1000)
    for i in range(n) {
        mut tmp := xs
        tmp[i % 1000] := i
        xs := tmp
    }
    return xs[5]
}
""",
    "a queue": """
func run(n) {
    mut q := Queue([])
    mut t := 0
    for i in range(n) {
        q := queue_enqueue(q, i)
        if i % 2 == 1 {
            got := queue_dequeue(q)
            q := got[0]
            t += got[1]
        }
    }
    return t
}
""",
    "a stack": """
func run(n) {
    mut s := Stack([])
    mut t := 0
    for i in range(n) {
        s := stack_push(s, i)
        if i % 2 == 1 {
            got := stack_pop(s)
            s := got[0]
            t += got[1]
        }
    }
    return t
}
""",
    "an element deep inside": """
func run(n) {
    mut state := {"a": {"b": {"c": range(100)}}}
    for i in range(n) { state["a"]["b"]["c"][i % 100] := i }
    return state["a"]["b"]["c"][5]
}
""",
    "inner arrays that change places": """
func run(n) {
    mut g := []
    for y in range(100) { g := push(g, range(1000)) }
    for i in range(n) {
        a := i % 100
        b := (i * 7) % 100
        t := g[a]
        g[a] := g[b]
        g[b] := t
        g[a][i % 1000] := i
    }
    return g[3][5]
}
""",
    "a struct made anew from its parts": """
struct W { ps, t }
func step(w, i) { return W { ps: push(w.ps, i), t: w.t + 1 } }
func run(n) {
    mut w := W { ps: [], t: 0 }
    for i in range(n) { w := step(w, i) }
    return len(w.ps)
}
""",
    "a dict made anew from its parts": """
func step(w, i) { return {"ps": push(w["ps"], i), "t": w["t"] + 1} }
func run(n) {
    mut w := {"ps": [], "t": 0}
    for i in range(n) { w := step(w, i) }
    return len(w["ps"])
}
""",
    "an array made anew from its parts": """
func step(w, i) { return [push(w[0], i), w[1] + 1] }
func run(n) {
    mut w := [[], 0]
    for i in range(n) { w := step(w, i) }
    return len(w[0])
}
""",
    "an argument taken apart and made anew": """
func step(w, i) {
    [xs, t] := w
    return [push(xs, i), t + 1]
}
func run(n) {
    mut w := [[], 0]
    for i in range(n) { w := step(w, i) }
    return len(w[0])
}
""",
    "fields in variables, of one of which more is made": """
struct S { a, b }
func step(s, i) {
    x := s.a
    y := s.b
    if i % 2 == 0 { x := push(x, i) } else { y := push(y, i) }
    return S { a: x, b: y }
}
func run(n) {
    mut s := S { a: [], b: [] }
    for i in range(n) { s := step(s, i) }
    return len(s.a)
}
""",
    "a field in a variable": """
struct W { ps, t }
func step(w, i) {
    ps := w.ps
    ps := push(ps, i)
    w.ps := ps
    return w
}
func run(n) {
    mut w := W { ps: [], t: 0 }
    for i in range(n) { w := step(w, i) }
    return len(w.ps)
}
""",
    "a method that sets an element deep inside": """
struct W {
    grid, t
    func put(self, y, x, v) {
        self.grid[y][x] := v
        self.t += 1
        return self
    }
}
func run(n) {
    mut g := []
    for y in range(100) { g := push(g, range(200)) }
    mut w := W { grid: g, t: 0 }
    for i in range(n) { w := w.put(i % 100, i % 200, i) }
    return w.t
}
""",
    "functions in a dict": """
func inc(s) {
    s["n"] += 1
    s["log"] := push(s["log"], s["n"])
    return s
}
func dec(s) {
    s["n"] -= 1
    return s
}
func run(n) {
    handlers := {"inc": inc, "dec": dec}
    mut s := {"n": 0, "log": []}
    for i in range(n) {
        name := "inc"
        if i % 3 == 2 { name := "dec" }
        f := handlers[name]
        s := f(s)
    }
    return len(s["log"])
}
""",
    "a queue of events": """
func run(n) {
    mut events := []
    mut done := 0
    for i in range(100) { events := push(events, {"t": i, "left": n / 100}) }
    while len(events) > 0 {
        e := events[len(events) - 1]
        events := pop(events)[0]
        done += 1
        if e["left"] > 1 { events := push(events, {"t": e["t"] + 1, "left": e["left"] - 1}) }
    }
    return done
}
""",
    "commands": """
enum Cmd { Push, Pop }
func apply(stack, cmd) {
    match cmd {
        case Cmd::Push(x): { return push(stack, x) }
        case Cmd::Pop: { return pop(stack)[0] }
        default: { return stack }
    }
}
func run(n) {
    mut s := []
    for i in range(n) { if i % 3 == 2 { s := apply(s, Cmd::Pop) } else { s := apply(s, Cmd::Push(i)) } }
    return len(s)
}
""",
    "a rest that gets shorter": """
func run(n) {
    mut rest := range(n)
    mut out := []
    while len(rest) > 0 {
        first := rest[0]
        rest := slice(rest, 1, len(rest))
        out := push(out, first)
    }
    return len(out)
}
""",
    "a loop without a condition": """
func run(n) {
    mut xs := []
    mut i := 0
    loop {
        if i >= n { break }
        xs := push(xs, i)
        if len(xs) > 100000 { xs := [] }
        i += 1
    }
    return len(xs)
}
""",
    "a text that interpolations continue": """
func run(n) {
    mut out := ""
    for i in range(n) { out := "${out}${i}," }
    return len(out)
}
""",
    "a field deep inside replaced by what a function returns": """
struct P { items, hp }
struct W { player, t }
func add(xs, x) { return push(xs, x) }
func run(n) {
    mut w := W { player: P { items: [], hp: 1 }, t: 0 }
    for i in range(n) { w.player.items := add(w.player.items, i) }
    return len(w.player.items)
}
""",
    "a field deep inside replaced by what its method returns": """
struct L {
    items
    func add(self, x) {
        self.items := push(self.items, x)
        return self
    }
}
struct P { log, hp }
struct W { player, t }
func run(n) {
    mut w := W { player: P { log: L { items: [] }, hp: 1 }, t: 0 }
    for i in range(n) { w.player.log := w.player.log.add(i) }
    return len(w.player.log.items)
}
""",
    "an element of a field replaced by what its method returns": """
struct L {
    items
    func add(self, x) {
        self.items := push(self.items, x)
        return self
    }
}
struct W {
    players, t
    func step(self, i) {
        k := i % 2
        self.players[k] := self.players[k].add(i)
        return self
    }
}
func run(n) {
    mut w := W { players: [L { items: [] }, L { items: [] }], t: 0 }
    for i in range(n) { w := w.step(i) }
    return len(w.players[0].items)
}
""",
    "an element at a computed index replaced by what its method returns": """
struct Acc {
    total, log
    func add(self, x) {
        self.total += x
        self.log := push(self.log, x)
        return self
    }
}
func run(n) {
    mut xs := [Acc { total: 0, log: [] }, Acc { total: 0, log: [] }]
    for i in range(n) { xs[i % 2] := xs[i % 2].add(i) }
    return len(xs[0].log)
}
""",
    "a game that is played and taken back": """
struct Game { board, moves }
func play(game, square, mark) {
    game.board[square] := mark
    return Game { board: game.board, moves: push(game.moves, square) }
}
func undo(game) {
    [moves, last] := pop(game.moves)
    game.board[last] := "."
    return [Game { board: game.board, moves: moves }, last]
}
func run(n) {
    mut game := Game { board: map(range(5000), func(x) { return "." }), moves: [] }
    for i in range(n) {
        game := play(game, i % 5000, "x")
        if i % 3 == 2 { [game, square] := undo(game) }
    }
    return len(game.moves)
}
""",
}
"""What each does, and its text."""
