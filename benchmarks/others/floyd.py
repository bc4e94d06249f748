def run(n):
    d = []
    for i in range(n):
        d.append([(i * 37 + j * 91) % 100 + 1 for j in range(n)])
    for k in range(n):
        for i in range(n):
            for j in range(n):
                through = d[i][k] + d[k][j]
                if through < d[i][j]: d[i][j] = through
    s = 0
    for row in d:
        for x in row: s += x
    return s
print(run(180))
