alphabet = "abcdefghijklmnopqrstuvwxyz"
def shift(text, k):
    out = ""
    for c in text:
        i = alphabet.find(c)
        if i < 0: out = out + c
        else: out = out + alphabet[(i + k) % 26]
    return out
text = "hello world, this is a test of strings. " * 50
for r in range(900): text = shift(text, r % 26)
print(len(text), text[:20])
