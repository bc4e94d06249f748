def encode(text):
    out = ""
    i = 0
    n = len(text)
    while i < n:
        c = text[i]
        run = 1
        while i + run < n and text[i + run] == c: run += 1
        out = out + str(run) + c
        i += run
    return out
text = "aaabbbbccd" * 3000
t = 0
for r in range(60): t += len(encode(text))
print(t)
