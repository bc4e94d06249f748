import sys

sys.setrecursionlimit(10000)
memo = {}
def collatz(n):
    if n == 1: return 1
    if str(n) in memo: return memo[str(n)]
    nxt = n // 2
    if n % 2 == 1: nxt = 3 * n + 1
    r = collatz(nxt) + 1
    memo[str(n)] = r
    return r
best = 0
for i in range(1, 60000):
    r = collatz(i)
    if r > best: best = r
print(best, len(memo))
