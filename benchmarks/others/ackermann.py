import sys

sys.setrecursionlimit(20000)
def ack(m, n):
    if m == 0: return n + 1
    if n == 0: return ack(m - 1, 1)
    return ack(m - 1, ack(m, n - 1))
t = 0
for i in range(5): t += ack(2, 600) + ack(3, 7)
print(t)
