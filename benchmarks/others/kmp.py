def failure(p):
    f = [0]
    k = 0
    for i in range(1, len(p)):
        while k > 0 and p[k] != p[i]: k = f[k - 1]
        if p[k] == p[i]: k += 1
        f.append(k)
    return f
def kmp(text, p):
    f = failure(p)
    k = 0
    hits = []
    for i, ch in enumerate(text):
        while k > 0 and p[k] != ch: k = f[k - 1]
        if p[k] == ch: k += 1
        if k == len(p):
            hits.append(i - k + 1)
            k = f[k - 1]
    return hits
def naive(text, p):
    hits = []
    for i in range(len(text) - len(p) + 1):
        if text[i:i + len(p)] == p: hits.append(i)
    return hits
text = "abababacababababca" * 3000
total = 0
for r in range(20):
    a = kmp(text, "abababca")
    b = naive(text, "abababca")
    if a == b: total += len(a) + a[-1]
print(total)
