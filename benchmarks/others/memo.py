def count(n, memo):
    if n < 2: return [1, memo]
    key = f"k{n}"
    if key in memo: return [memo[key], memo]
    a = count(n - 1, memo)
    b = count(n - 2, a[1])
    r = (a[0] + b[0]) % 1000007
    m = b[1]
    m[key] = r
    return [r, m]
t = 0
for i in range(3000): t += count(90, {})[0]
print(t)
