def sparse_row(i, n):
    row = {}
    for j in range(8): row[(i * 7 + j * j * 13) % n] = (i + j) % 9 + 1
    return row
def multiply(m, v):
    out = {}
    for i, row in m.items():
        s = 0
        for j, x in row.items():
            if j in v: s = s + x * v[j]
        if s % 1009 != 0: out[i] = s % 1009
    return out
def dot(a, b):
    s = 0
    for k in a: s += a[k] * b.get(k, 0)
    return s
def run(n, rounds):
    m = {i: sparse_row(i, n) for i in range(n)}
    v = {i: i % 10 + 1 for i in range(0, n, 3)}
    total = 0
    for r in range(rounds):
        w = multiply(m, v)
        total = (total + dot(v, w) + len(w)) % 1000003
        v = w
    return total
print(run(3000, 120))
