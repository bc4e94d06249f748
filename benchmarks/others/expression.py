def make(depth):
    if depth == 0: return ("Num", depth + 2)
    if depth % 2 == 0: return ("Add", make(depth - 1), make(depth - 1))
    return ("Mul", make(depth - 1), ("Num", depth))
def eval_(e):
    match e:
        case ("Num", v): return v
        case ("Add", a, b): return (eval_(a) + eval_(b)) % 1000007
        case ("Mul", a, b): return eval_(a) * eval_(b) % 1000007
tree = make(20)
t = 0
for i in range(400): t += eval_(tree)
print(t)
