def run(n):
    words = []
    seed = 17
    for i in range(n):
        seed = (seed * 1103515245 + 12345) % 2147483648
        words.append(f"w{seed % 100000}")
    ordered = sorted(words)
    unique_count = 0
    last = ""
    for w in ordered:
        if w != last: unique_count += 1
        last = w
    return f"{unique_count} {ordered[0]} {ordered[n-1]}"
print(run(200000))
