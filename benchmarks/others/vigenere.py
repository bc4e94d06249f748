ALPHABET = "abcdefghijklmnopqrstuvwxyz"
def shift(text, key, sign):
    out = ""
    k = 0
    for ch in text:
        pos = ALPHABET.find(ch)
        if pos < 0:
            out += ch
        else:
            off = ALPHABET.find(key[k % len(key)])
            out += ALPHABET[(pos + sign * off + 26) % 26]
            k += 1
    return out
def run(n):
    text = "the quick brown fox jumps over the lazy dog. " * 200
    check = 0
    for i in range(n):
        secret = shift(text, "lemon", 1)
        back = shift(secret, "lemon", -1)
        if back == text: check += len(secret)
        text = secret
    return f"{check} {text[:40]}"
print(run(120))
