def lcs(a, b):
    n = len(a); m = len(b)
    table = [[0] * (m + 1) for _ in range(n + 1)]
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            if a[i-1] == b[j-1]: table[i][j] = table[i-1][j-1] + 1
            else:
                up = table[i-1][j]; left = table[i][j-1]
                table[i][j] = up if up > left else left
    return table[n][m]
t = 0
for r in range(6): t += lcs("abcde" * 100, "badce" * 100)
print(t)
