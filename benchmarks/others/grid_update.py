def set_cell(row, x, value):
    row[x] = (row[x] + value) % 1009
    return row
def run(n):
    grid = [[x * y % 7 for x in range(n)] for y in range(n)]
    seed = 3
    for i in range(1000000):
        seed = (seed * 1103515245 + 12345) % 2147483648
        y = seed // 65536 % n
        grid[y] = set_cell(grid[y], seed % n, i)
    check = 0
    for row in grid:
        for v in row: check = (check * 31 + v) % 1000007
    return check
print(run(300))
