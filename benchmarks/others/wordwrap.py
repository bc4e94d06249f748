def wrap(text, width):
    lines = []
    line = ""
    for word in text.split():
        if len(line) == 0: line = word
        elif len(line) + 1 + len(word) <= width: line = line + " " + word
        else:
            lines.append(line)
            line = word
    if line: lines.append(line)
    return lines
def justify(line, width):
    ws = line.split(" ")
    if len(ws) == 1: return line
    gaps = width - len(line)
    out = ws[0]
    for i in range(1, len(ws)):
        share = gaps // (len(ws) - i)
        out += " " * (share + 1) + ws[i]
        gaps -= share
    return out
def count_vowels(s):
    n = 0
    for c in s:
        if c in "aeiou": n += 1
    return n
def run(n):
    base = "It is a truth universally acknowledged that a single man in possession of a good fortune must be in want of a wife however little known the feelings"
    text = (base + " ") * 20
    total = 0
    for r in range(n):
        width = 30 + r % 50
        for line in wrap(text, width):
            j = justify(line, width)
            total = (total * 3 + len(j) + count_vowels(j)) % 1000003
    return total
print(run(1600))
