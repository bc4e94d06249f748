def determinant(m, n):
    d = 1.0
    for i in range(n):
        p = i
        for r in range(i + 1, n):
            if abs(m[r][i]) > abs(m[p][i]): p = r
        if p != i:
            m[i], m[p] = m[p], m[i]
            d = 0.0 - d
        d = d * m[i][i]
        for r in range(i + 1, n):
            f = m[r][i] / m[i][i]
            for c in range(i, n): m[r][c] = m[r][c] - f * m[i][c]
    return d
def run(n):
    m = []
    for i in range(n):
        row = [float((i * 7 + j * 13) % 11) + 0.5 for j in range(n)]
        row[i] += 10.0
        m.append(row)
    return determinant(m, n)
print(str(run(260) > 0.0).lower())
