def is_digit(c): return c >= "0" and c <= "9"
def is_alpha(c): return (c >= "a" and c <= "z") or c == "_"
def tokenize(text):
    tokens = []
    i = 0
    n = len(text)
    while i < n:
        c = text[i]
        if c == " ":
            i += 1
            continue
        if is_digit(c):
            j = i
            while j < n and is_digit(text[j]): j += 1
            tokens.append({"kind": "num", "text": text[i:j]})
            i = j
        elif is_alpha(c):
            j = i
            while j < n and is_alpha(text[j]): j += 1
            tokens.append({"kind": "name", "text": text[i:j]})
            i = j
        else:
            tokens.append({"kind": "op", "text": c})
            i += 1
    return tokens
text = "alpha = beta_x * (123 + gamma) - 4567 / delta; " * 100
t = 0
for r in range(240): t += len(tokenize(text))
print(t)
