from functools import reduce


def run(n):
    xs = list(range(n))
    total = 0
    for round in range(10):
        ys = list(filter(lambda x: x % 2 == 0, map(lambda x: x * 3 + round, xs)))
        total = (total + reduce(lambda a, b: (a + b) % 1000007, ys, 0)) % 1000007
        total = (total + len(list(filter(lambda y: y % 5 == 0, ys)))) % 1000007
    return total
print(run(200000))
