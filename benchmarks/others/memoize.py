import sys
sys.setrecursionlimit(10000)
def memoize(f):
    cache = {}
    def g(n):
        if n in cache: return cache[n]
        r = f(n)
        cache[n] = r
        return r
    return g
def collatz_len(limit):
    @memoize
    def rec(n):
        if n == 1: return 1
        if n % 2 == 0: return 1 + rec(n // 2)
        return 1 + rec(3 * n + 1)
    best = arg = 0
    for i in range(1, limit):
        v = rec(i)
        if v > best:
            best = v
            arg = i
    return f"{arg} {best}"
print(collatz_len(400000))
