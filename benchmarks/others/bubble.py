def sorted_(xs):
    n = len(xs)
    for i in range(n):
        for j in range(n - 1 - i):
            if xs[j] > xs[j + 1]:
                xs[j], xs[j + 1] = xs[j + 1], xs[j]
    return xs
xs = []
seed = 9
for i in range(4000):
    seed = (seed * 3877 + 29573) % 139968
    xs.append(seed)
ys = sorted_(xs)
print(ys[0], ys[1999], ys[3999])
