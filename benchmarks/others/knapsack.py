def run(n, capacity):
    best = [0] * (capacity + 1)
    seed = 3
    for i in range(n):
        seed = (seed * 3877 + 29573) % 139968
        weight = seed % 50 + 1
        value = seed % 97
        w = capacity
        while w >= weight:
            candidate = best[w - weight] + value
            if candidate > best[w]: best[w] = candidate
            w -= 1
    return best[capacity]
print(run(400, 20000))
