def compose(f, g): return lambda x: g(f(x))
def adder(k): return lambda x: x + k
def counter():
    n = 0
    def step():
        nonlocal n
        n += 1
        return n
    return step
f = adder(1)
for i in range(8): f = compose(f, adder(i))
next_ = counter()
t = 0
for i in range(400000): t = (t + f(i) + next_()) % 1000007
print(t)
