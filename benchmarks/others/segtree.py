class Seg:
    def __init__(self, sum, left, right):
        self.sum = sum
        self.left = left
        self.right = right
def build(lo, hi):
    if hi - lo == 1: return Seg(0, None, None)
    mid = (lo + hi) // 2
    return Seg(0, build(lo, mid), build(mid, hi))
def add(t, lo, hi, at, v):
    if hi - lo == 1: return Seg(t.sum + v, None, None)
    mid = (lo + hi) // 2
    if at < mid: return Seg(t.sum + v, add(t.left, lo, mid, at, v), t.right)
    return Seg(t.sum + v, t.left, add(t.right, mid, hi, at, v))
def query(t, lo, hi, a, b):
    if b <= lo or hi <= a: return 0
    if a <= lo and hi <= b: return t.sum
    mid = (lo + hi) // 2
    return query(t.left, lo, mid, a, b) + query(t.right, mid, hi, a, b)
def run(n, size):
    versions = [build(0, size)]
    seed = 3
    for i in range(n):
        seed = (seed * 1103515245 + 12345) % 2147483648
        versions.append(add(versions[-1], 0, size, seed // 128 % size, seed % 100))
    total = 0
    for i in range(n):
        a = i * 7 % size
        total = (total + query(versions[i], 0, size, a, a + size // 3)) % 1000003
    return total
print(run(30000, 4096))
