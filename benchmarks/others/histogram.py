def run(text, rounds):
    counts = {}
    for r in range(rounds):
        for c in text:
            counts[c] = counts.get(c, 0) + 1
    keys = sorted(counts)
    s = 0
    for k in keys: s = (s * 31 + counts[k]) % 1000007
    return s
print(run("the quick brown fox jumps over the lazy dog " * 500, 180))
