def run(text):
    t = 0
    n = len(text)
    for i in range(n):
        if text[i] == "é": t += 1
        if text[n - 1 - i] == "b": t += 2
    return t
print(run("aébc" * 250000))
