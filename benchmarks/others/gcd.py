def gcd(a, b):
    while b != 0:
        a, b = b, a % b
    return a
def run(n):
    s = 0
    for i in range(1, n):
        for j in range(1, n): s += gcd(i, j)
    return s
print(run(1200))
