def run(n):
    t = 0
    for i in range(n):
        a = [i, i + 1]
        b = [*a, i + 2, *a]
        d = {"x": i, **{"y": 2, "z": 3}}
        p, q, *rest = b
        t = (t + len(b) + d["y"] + p + q + len(rest)) % 1000007
    return t
print(run(200000))
