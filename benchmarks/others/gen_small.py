def pairs(xs):
    for i in range(len(xs)): yield [xs[i], i]
def run(n):
    t = 0
    for r in range(n):
        for p in pairs([r, r + 1, r + 2]): t = (t + p[0] * p[1]) % 1000007
    return t
print(run(200000))
