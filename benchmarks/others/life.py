def step(grid, n):
    nxt = []
    for y in range(n):
        row = []
        for x in range(n):
            count = 0
            for dy in range(-1, 2):
                for dx in range(-1, 2):
                    if dx != 0 or dy != 0:
                        count += grid[(y + dy + n) % n][(x + dx + n) % n]
            alive = 0
            if count == 3 or (count == 2 and grid[y][x] == 1): alive = 1
            row.append(alive)
        nxt.append(row)
    return nxt
def run(n, rounds):
    grid = []
    seed = 7
    for y in range(n):
        row = []
        for x in range(n):
            seed = (seed * 1103515245 + 12345) % 2147483648
            row.append(seed // 65536 % 2)
        grid.append(row)
    for r in range(rounds): grid = step(grid, n)
    total = 0
    for row in grid:
        for c in row: total += c
    return total
print(run(100, 40))
