def run(n):
    groups = {}
    seed = 5
    for i in range(n):
        letters = []
        for j in range(4):
            seed = (seed * 1103515245 + 12345) % 2147483648
            letters.append("abcdefg"[seed // 65536 % 7])
        key = "".join(sorted(letters))
        if key in groups: groups[key] += 1
        else: groups[key] = 1
    best = 0
    for key in groups:
        if groups[key] > best: best = groups[key]
    return f"{len(groups)} {best}"
print(run(200000))
