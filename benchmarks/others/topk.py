def count(text):
    counts = {}
    for w in text.lower().split():
        clean = w.replace(".", "").replace(",", "")
        counts[clean] = counts.get(clean, 0) + 1
    return counts
def top(counts, k):
    groups = {}
    for w, n in counts.items(): groups.setdefault(n, []).append(w)
    out = []
    for n in sorted(groups, reverse=True):
        for w in sorted(groups[n]):
            if len(out) < k: out.append(f"{w}={n}")
    return out
def make(n):
    parts = []
    seed = 8
    for i in range(n):
        seed = (seed * 1103515245 + 12345) % 2147483648
        a = seed // 512 % 40
        b = seed // 65536 % 30
        w = f"Word{a * b}"
        if i % 9 == 0: w += "."
        if i % 13 == 0: w += ","
        parts.append(w)
    return " ".join(parts)
last = []
text = make(60000)
for r in range(32):
    counts = count(text + f" extra{r} extra{r}.")
    last = top(counts, 5 + r)
print(" ".join(last))
