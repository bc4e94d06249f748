def merge(a, b):
    out = []
    i = j = 0
    while i < len(a) and j < len(b):
        if a[i] <= b[j]:
            out.append(a[i]); i += 1
        else:
            out.append(b[j]); j += 1
    while i < len(a): out.append(a[i]); i += 1
    while j < len(b): out.append(b[j]); j += 1
    return out
def sorted_(xs):
    if len(xs) < 2: return xs
    middle = len(xs) // 2
    return merge(sorted_(xs[:middle]), sorted_(xs[middle:]))
def run(n):
    xs = []
    seed = 5
    for i in range(n):
        seed = (seed * 1103515245 + 12345) % 2147483648
        xs.append(seed % 100000)
    s = sorted_(xs)
    check = 0
    for x in s: check = (check * 31 + x) % 1000007
    return check
print(run(100000))
