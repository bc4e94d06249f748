def peek(text, at):
    if at < len(text): return text[at]
    return ""
def is_digit(c): return c >= "0" and c <= "9"
def number(text, start):
    at = start; value = 0
    while at < len(text) and is_digit(text[at]):
        value = value * 10 + int(text[at])
        at += 1
    return [value, at]
def factor(text, at):
    if peek(text, at) == "(":
        inner = sum_of(text, at + 1)
        return [inner[0], inner[1] + 1]
    return number(text, at)
def fmod(a, m): return a % m if a >= 0 else -((-a) % m)
def product(text, start):
    value, at = factor(text, start)
    while peek(text, at) == "*":
        other = factor(text, at + 1)
        value = fmod(value * other[0], 1000007)
        at = other[1]
    return [value, at]
def sum_of(text, start):
    value, at = product(text, start)
    while peek(text, at) == "+" or peek(text, at) == "-":
        sign = text[at]
        other = product(text, at + 1)
        if sign == "+": value += other[0]
        else: value -= other[0]
        at = other[1]
    return [value, at]
total = 0
for i in range(20000):
    total = fmod(total + sum_of(f"(1+{i})*(20+3*(4-{i % 7}))+12*(34+5)*2-(7+8)*9", 0)[0], 1000007)
print(total)
