from itertools import islice
def naturals(start):
    n = start
    while True:
        yield n
        n += 1
def fibs():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, (a + b) % 1000003
def zip_with(xs, ys, f):
    while True:
        try:
            x = next(xs)
            y = next(ys)
        except StopIteration:
            return
        yield f(x, y)
def take_while(xs, p):
    for x in xs:
        if not p(x): return
        yield x
total = 0
for r in range(60):
    zipped = zip_with(naturals(r), fibs(), lambda a, b: (a * b) % 1009)
    for x in islice((v + 1 for v in zipped if v % 3 != 0), 10000): total += x
    for x in take_while(naturals(1), lambda v: v * v < 100000000): total += x % 2
print(total)
