def run(n):
    seen = {}
    dup = 0
    x = 1
    for i in range(n):
        x = x * 48271 % 2147483647
        k = str(x % 5000)
        if k in seen: dup += 1
        else: seen[k] = True
    return dup
print(run(600000))
