def half(n):
    if n % 2 == 0: return ("Ok", n // 2)
    return ("Err", "odd")
def quarter(n):
    h = half(n)
    if h[0] == "Err": return h
    return half(h[1])
def run(n):
    good = bad = 0
    for i in range(n):
        match quarter(i):
            case ("Ok", v): good = (good + v) % 1000007
            case ("Err", e): bad += len(e)
    return f"{good} {bad}"
print(run(1000000))
