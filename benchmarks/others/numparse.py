def is_digit(c): return "0" <= c <= "9"
def parse_number(s, i):
    negative = False
    if s[i] == "-":
        negative = True
        i += 1
    value = 0.0
    while i < len(s) and is_digit(s[i]):
        value = value * 10 + int(s[i])
        i += 1
    if i < len(s) and s[i] == ".":
        i += 1
        scale = 0.1
        while i < len(s) and is_digit(s[i]):
            value += scale * int(s[i])
            scale = scale / 10
            i += 1
    if negative: value = -value
    return value, i
def parse_all(s):
    numbers = []
    i = 0
    while i < len(s):
        if is_digit(s[i]) or s[i] == "-":
            v, i = parse_number(s, i)
            numbers.append(v)
        else:
            i += 1
    return numbers
total = 0.0
for r in range(20000):
    xs = parse_all(f"12.5, -3, 400.25; {r}.75 7 -0.5 [1234567, 89.125] x=-{r}")
    total += sum(xs) + len(xs)
print(int(total * 100))
