"""What `holding` writes its random functions from: functions that they call, and templates of statements.

In a template a capital letter stands for a variable that holds a certain kind of thing:
R and S are different rows, M and N arrays of rows, D a dict of rows, K and L instances with a row, B an
instance with a row and such an instance, Q and J instances with a queue, a dict and an array of rows, A an array of
those.  T is whatever holds something, W is what is given back at the end.  C is the
number of the round, V a scalar, I an index.

Rows hold scalars, everything else holds rows: so what values hold cannot grow from round to round.
"""

from __future__ import annotations

HELPERS = """\
struct Keep {
    items, n
    func put(self, i, v) {
        self.items[i] := v
        return self
    }
    func with(self, items) { return Keep { items: items, n: self.n + 1 } }
    func row(self) { return self.items }
}
struct Both { left, right }
struct Line {
    jobs, seen, rows
    func add(self, row) {
        self.jobs := queue_enqueue(self.jobs, row)
        self.rows[0] := row
        return self
    }
}
mut held := [[0, 0]]
mut last := [0, 0]
func keep(items, n) { return Keep { items: items, n: n } }
func both(row, other) { return Both { left: row, right: keep(other, 0) } }
func line(row) { return Line { jobs: Queue([row]), seen: {"a": row}, rows: [row] } }
func added(q, row) {
    q.jobs := queue_enqueue(q.jobs, row)
    q.seen["b"] := row
    return q
}
func hold(items) {
    held := push(held, items)
    if len(held) > 3 { held := [items] }
    return items
}
func put(items, i, v) {
    items[i] := v
    return items
}
func put_in(rows, i, v) {
    rows[i][0] := v
    return rows
}
func put_kept(kept, v) {
    kept.items[0] := v
    kept.n := 7
    return kept
}
func swap(items) {
    x := items[0]
    items[0] := items[1]
    items[1] := x
    return items
}
func same(x) { return x }
func wrap(x) { return [x, x] }
func pick(x, y, n) {
    if n % 2 == 0 { return x }
    return y
}
func fail(x, n) {
    if n % 5 == 3 { throw("no") }
    return x
}
func early(x) {
    y := Some(x)?
    y[0] := 5
    return Some([y, x])
}
func* each(xs) { for x in xs { yield x } }
func* twice(row) {
    yield row
    row[0] := 6
    yield row
}
async func later(x, v) {
    await async_sleep(0)
    x[0] := v
    return x
}
func varied(k) {
    if k < 104 { return k }
    if k < 112 { return k * 0.5 }
    return "s${k}"
}
"""

FRESH = {
    "R": ("R := [V, C]", "R := [C, 1]", "R := [0.5, 1.5]", "R := [V, C, 3]"),
    "M": ("M := [[V, 1], [2, C]]", "M := [[1, 2], [3, 4]]", "M := [R, [C, 1]]", "M := push([[C, 0]], [V, 1])"),
    "D": ('D := {"a": [V, 0], "b": [1, C]}', 'D := {"a": [C, 1]}', 'D := {"a": R, "b": [V, V]}'),
    "K": ("K := keep([C, V], 1)", "K := Keep { items: [C, V], n: C }", "K := Keep { items: R, n: 0 }"),
    "Q": ("Q := line([V, C])", "Q := Line { jobs: Queue([[V, 1]]), seen: {}, rows: [[C, 0]] }",
          'Q := Line { jobs: Queue([R]), seen: {"a": R}, rows: [R] }', "Q := line(R)"),
    "A": ("A := [line([V, C]), line([C, 0])]", "A := [Q, line([C, V])]", "A := push([line(R)], Q)"),
    "B": ("B := both([V, C], [C, 1])", "B := Both { left: [V, 1], right: Keep { items: [C, 0], n: C } }",
          "B := Both { left: R, right: K }"),
}  # fmt: skip
KEPT = {
    "R": (
        "T := R", "T := keep(R, C)", "T := Keep { items: R, n: C }", "T := [R]", 'T := {"a": R}', "T := Some(R)",
        "T := wrap(R)", "T := push([], R)", "T := same(R)", "T := pick(R, S, C)",
        "try { T := fail(R, C) } except e { S := R }", "S := R", "S := same(R)", "L := keep(R, C)",
        "L := Keep { items: R, n: C }", "K := keep(R, V)", "K.items := R", "K := K.with(R)", "B.left := R",
        "B.right.items := R", "B := both(R, S)", "B := both(R, R)", "M[I] := R", "M[C % 2] := R", "M := [R, S]",
        "M := push([R], R)", 'D["a"] := R', 'D["k${C % 3}"] := R', "T := hold(R)", "R := hold(R)", "last := R",
        "held := [R]", "W := push(W, R)", "W := push(W, [R, C])", "T := early(R)", "T := queue_enqueue(Queue([]), R)",
        "T := later(R, V)", "T := twice(R)", 'T := {"x": R, "y": S}', "[S, T] := [R, C]", "[R, S] := [S, R]",
        "T := concat([R], [S])", "T := Ok([R, R])", "match Some(R) { case Some(x): { T := x } }",
        "for x in twice(R) { T := x }", "T := map([R], func(x) { return x })",
    ),
    "M": (
        "T := M", "T := [M]", "N := M", "T := keep(M[I], C)", "R := M[I]", "S := M[C % 2]", "K.items := M[I]",
        "M[0] := M[1]", "T := wrap(M)", "T := same(M)", "N[I] := M[I]", "L := keep(M[I], C)", "T := hold(M[I])",
        "W := push(W, M)", "W := push(W, M[I])", 'T := {"m": M}', "held := M", "T := pick(M, N, C)", "[S, T] := M",
        "T := slice(M, 0, 2)", "T := reverse(M)", "B.left := M[C % 2]", "for x in M { T := x }",
        "for x in each(M) { S := x }", "M := swap(M)", "[M, N] := [N, M]",
    ),
    "D": (
        "T := D", 'R := D["a"]', 'K.items := D["a"]', 'D["b"] := D["a"]', "T := [D]", "T := same(D)",
        "W := push(W, D)", 'T := keep(D["a"], C)', 'M[I] := D["a"]', "T := values(D)", "T := Some(D)",
        "for x in values(D) { S := x }", 'T := hold(D["a"])', "T := {...D}",
    ),
    "K": (
        "T := K", "L := K", "R := K.items", "S := K.row()", "T := [K]", "T := Some(K)", "T := K.items",
        "B.right := K", "M[I] := K.items", "T := wrap(K)", "T := same(K)", "L := K.with(K.items)",
        "L := Keep { items: K.items, n: C }", "L.items := K.items", "W := push(W, K)", "W := push(W, K.items)",
        "T := hold(K.items)", "last := K.items", 'D["a"] := K.items', "L := pick(K, L, C)", 'T := {"k": K}',
        "[K, L] := [L, K]", "T := keep(K.items, K.n)", "try { T := fail(K, C) } except e { L := K }",
        "K := pick(L, K, C)",
    ),
    "Q": (
        "T := Q", "T := Q.jobs", "T := Q.rows", "T := Q.seen", "R := Q.rows[0]", "Q.jobs := queue_enqueue(Q.jobs, R)",
        "Q.rows[0] := R", 'Q.seen["a"] := R', "A[I] := Q", "J := Q", "W := push(W, Q)", "W := push(W, Q.rows)",
        "T := wrap(Q)", "T := same(Q)", "M := Q.rows", "Q.rows := M", "D := Q.seen", "Q.seen := D", "T := [Q.seen]",
        "S := queue_peek(Q.jobs)", "T := hold(Q.rows[0])", "T := queue_to_array(Q.jobs)", "J.rows := Q.rows",
        "J := Line { jobs: Q.jobs, seen: Q.seen, rows: Q.rows }", "T := keep(Q.rows[0], C)", "J := added(Q, R)",
        "for x in Q.jobs { T := x }", "for x in Q.rows { S := x }", "[Q, J] := [J, Q]", "A := [Q, J]",
    ),
    "A": (
        "T := A", "T := A[I]", "Q := A[I]", "Q := A[C % 2]", "A[0] := A[1]", "A[I] := Q", "T := wrap(A)",
        "R := A[I].rows[0]", "T := A[I].jobs", "A[I].rows[0] := R", "M := A[I].rows", "W := push(W, A)",
        "W := push(W, A[I].rows)", "for x in A { T := x }", "T := map(A, func(x) { return x.rows })", "T := reverse(A)",
        "A[I].jobs := queue_enqueue(A[I].jobs, R)", "T := hold(A[I].rows[0])", "J := same(A[C % 2])",
    ),
    "B": (
        "T := B", "K := B.right", "R := B.left", "S := B.right.items", "B.left := B.right.items", "T := [B.right]",
        "L := B.right", "T := wrap(B)", "W := push(W, B)", "W := push(W, B.right)", "T := hold(B.left)",
        "B := Both { left: B.left, right: B.right }", "T := Both { left: B.right.items, right: K }", "M[I] := B.left",
    ),
}  # fmt: skip
WRITTEN = {
    "R": (
        "R[I] := V", "R[I] := C", "R[0] := C", "R[I] += 1", "R[C % 2] := V", "R[0] := R[1]",
        "for j in 2 { R[j] := C }", "for j in 2 {\nT := R\nR[j] := C + j\n}",
        'try { R[I] := C\nthrow("x") } except e { R[0] := V }',
        "match C % 3 { case 0 { R[I] := V } default { R[0] := C } }", "for j in 3 { if R[0] < 9 { R[0] += 1 } }",
        "try { R[C % 4] := V } except e { R[1] := C }", "u := put(R, I, C)\nR[I] := V", "if C % 2 == 1 { R[I] := V }",
        "x := keep(R, C).items\nx[0] := C\nT := x", "x := [R, S][I]\nx[0] := C\nT := x",
        "[x, y] := wrap(R)\nx[0] := C\nT := y",
        "match Some(R) { case Some(x): {\ny := x\ny[0] := C\nT := y\n} }", "x := Some([R]) ?? [S]\nT := x",
    ),
    "M": (
        "M[I][I] := V", "M[I][0] := C", "M[C % 2][0] := C", "M[I] := [V, C]", "M[I] := put(M[I], I, V)",
        "for j in 2 { M[j][I] := C }", "for j in 2 { for i in 2 { M[i][j] := C + i } }", "M[0][1] += 1",
        "M[C % 2] := put(M[C % 2], 0, C)", "x := M[I]\nx[0] := C\nM[I] := x", "x := M[C % 2]\nM[I] := x\nx[1] := C",
        "try { M[I][C % 4] := V } except e { M[0][0] := C }", "for x in M { x[0] := C\nT := x }",
        "for x in M {\ny := x\ny[0] := C\nT := y\n}", "[x, y] := [M[0], M]\nx[0] := C\nT := y",
        "x := M\nx[I][0] := C\nT := x",
    ),
    "D": (
        'D["a"][I] := V', 'D["a"] := [V, C]', 'D["a"] := put(D["a"], I, C)', 'D["k${C % 2}"] := [C, C]',
        'D["a"][0] += 1', 'x := D["a"]\nx[0] := C\nD["b"] := x',
        "for x in values(D) {\ny := x\ny[0] := C\nS := y\n}", 'x := D\nx["a"][0] := C\nT := x',
    ),
    "K": (
        "K.items[I] := V", "K.items[0] := C", "K.n := C", "K.items := [V, C]", "K.items := put(K.items, I, V)",
        "K.n += 1", "L.items[I] := C", "for j in 2 { K.items[j] := C }", "K.items := take(push(K.items, C), 3)",
        "x := K.items\nx[0] := C\nK.items := x", "L.n := C", "try { K.items[C % 4] := C } except e { K.n := V }",
        "match Some(K) { case Some(x): { x.items[0] := C\nL := x } }",
        "match C { case 1 { K.n := V } default { K.n += 1 } }",
    ),
    "Q": (
        "Q.rows[0][I] := C", "Q.rows[0] := [V, C]", 'Q.seen["a"] := [C, V]', 'Q.seen["k${C % 3}"] := [V, C]',
        "Q.jobs := queue_enqueue(Q.jobs, [C, V])", "x := queue_dequeue(Q.jobs)\nQ.jobs := x[0]\nT := x[1]",
        "Q.rows := take(push(Q.rows, [C, C]), 3)", 'Q.seen := {"a": [C, V]}', "Q.rows[0] := put(Q.rows[0], I, V)",
        "x := queue_dequeue(Q.jobs)\nif x[1] != null {\ny := x[1]\ny[0] := C\nQ.jobs := queue_enqueue(x[0], y)\n}",
        "x := Q.rows[0]\nx[I] := C\nQ.rows[0] := x", "try { Q.rows[C % 3][0] := C } except e { Q.rows := [[V, C]] }",
        "for j in 2 { Q.rows[0][j] := C + j }", "Q.rows := put_in(Q.rows, 0, C)",
    ),
    "A": (
        "A[I].rows[0][I] := C", "A[C % 2].rows[0][0] := V", 'A[I].seen["a"] := [C, V]', "A[I] := line([C, V])",
        "A[I].jobs := queue_enqueue(A[I].jobs, [C, V])", "A[I].rows := take(push(A[I].rows, [C, C]), 3)",
        "for x in A {\nx.rows[0] := [C, C]\nT := x\n}", "x := A[I]\nx.rows[0][0] := C\nA[I] := x",
        "for j in 2 { A[j].rows[0][I] := C }", "A[I] := added(A[I], [C, V])",
        "x := A[I]\nA[I] := x\nx.rows := [[V, C]]",
        "for x in A {\ny := x\ny.rows[0][I] := C\nT := y\n}", "x := A\nx[I].rows[0][0] := C\nT := x",
    ),
    "B": (
        "B.left[I] := V", "B.right.items[I] := C", "B.right.n := C", "B.right := put_kept(B.right, C)",
        "B.left := [C, V]", "B.right := B.right.put(I, C)", "B.right := keep([C, 0], C)",
        "B.left := put(B.left, I, C)", "B.right := keep(put(B.left, 0, C), V)",
        "B.right.items := take(push(B.right.items, C), 3)",
    ),
}  # fmt: skip
"""What writes it where it is."""
REPLACED = {
    "R": (
        "T := push(R, R)\nR := [C, V]", "T := [R, put(R, I, C)]\nR := [V, C]",
        "R := put(R, I, V)", "R := swap(R)", "R := take(push(R, V), 3)", "R := push([], C)\nR := push(R, V)",
        "[R, u] := pop(push(R, C))", "try { R := put(fail(R, C), 0, V) } except e { R[1] := C }",
        "R := await later(R, C)",
        "for x in R {\nS := R\nR := [C, V]\nS[1] := C\nW := push(W, x)\n}", "W := push(W, [R[0], put(R, 0, C)])",
    ),
    "M": ("M := put(M, I, [C, V])", "M := put_in(M, I, C)", "M := swap(M)", "M := take(push(M, [C, V]), 3)",
          "T := push(M[I], M)\nM := [[C, V], [1, C]]",
          "for x in M {\nN := M\nM := [[C, V], [1, C]]\nN[1] := [0, C]\nW := push(W, x)\n}"),
    "D": ('T := push(D["a"], D)\nD := {"a": [C, V]}',
          'D := put(D, "b", [C, 1])', 'D := put_in(D, "a", C)', 'D := {...D, "b": [C, V]}'),
    "K": ("T := push(K.items, K)\nK := keep([C, V], C)",
          "K := K.put(I, C)", "K := put_kept(K, C)", "u := K.put(0, C)", "u := put_kept(K, V)", "K := K.with([C, V])",
          "for x in K.items {\nL := K\nK := keep([C, V], C)\nL.items[1] := C\nW := push(W, x)\n}"),
    "Q": ("T := push(Q.rows, Q)\nQ := line([C, V])",
          "Q := added(Q, [C, V])", "Q := added(J, [V, C])", "u := added(Q, [C, 0])", "J.rows[0][0] := C",
          "Q := Q.add([C, 1])"),
    "A": ("T := push(A[I].rows, A)\nA := [line([C, V]), line([V, 1])]",
          "A := swap(A)", "A := put(A, I, line([C, 0]))", "A := reverse(A)", "Q.rows[0][I] := C"),
    "B": ("B := Both { left: [C, V], right: B.right }", "K.items[0] := C", "K.n := C", "B.right := K"),
}  # fmt: skip
"""What puts another one, or the same one written, into its variable."""
CAPTURED = (
    "T := func() { return R }", "T := func() { return M[I] }", 'T := func() { return D["a"] }',
    "T := func() { return K.items }", "T := func(v) { R[0] := v }\nT(C)", "T := func(v) { K.items[0] := v }\nT(C)",
    "T := func() { R := [C, 1] }\nS := R\nT()", "T := map(M, func(x) { return [x, R] })",
)  # fmt: skip
"""Functions that hold variables, which then are in no register."""
SEEN = (
    "W := push(W, [Q, J])", "W := push(W, A[I].rows)", "W := push(W, queue_peek(Q.jobs))", "W := push(W, Q.seen)",
    "W := push(W, T)", "W := push(W, R)", "W := push(W, [R[I], S[I]])", "W := push(W, [K, L])",
    "W := push(W, K.items[I])", "W := push(W, L.items)", "W := push(W, L.n)", "W := push(W, B.left[0])",
    "W := push(W, [M, N])", 'W := push(W, D["a"])', "W := push(W, [last, held])", "W := push(W, R == S)",
    "last[0] := C", "held := put_in(held, 0, C)", "R := last", "S := held[0]",
)  # fmt: skip
JUMPS = (
    "if C % 4 == 3 { continue }", "if C % 5 == 4 { break }", "if len(W) > 9 { break }",
    "if n % 7 == 6 && C == 1 { END }", "if n == 121 { R := n }", "if C == 3 { END }",
)  # fmt: skip
YIELDED = ("yield R", "yield [R, K]", "yield M", "yield T", "yield K", "yield Q",
           "T := (yield R) ?? S", "R := (yield R) ?? R")  # fmt: skip
