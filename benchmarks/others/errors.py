def check(x):
    if x % 5 == 0: raise Exception(f"five {x}")
    if x % 7 == 0:
        if x >= 2: raise IndexError(f"Index out of bounds: {x}")
        return [1, 2][x]
    return x
def run(n):
    good = bad = 0
    for i in range(n):
        try: good = (good + check(i)) % 1000007
        except Exception as e: bad += len(str(e))
    return f"{good} {bad}"
print(run(800000))
