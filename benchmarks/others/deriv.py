class Num:
    def __init__(self, v): self.v = v
    def eval(self, x): return self.v
    def diff(self): return Num(0)
    def size(self): return 1
class Var:
    def eval(self, x): return x
    def diff(self): return Num(1)
    def size(self): return 1
class Add:
    def __init__(self, a, b):
        self.a = a
        self.b = b
    def eval(self, x): return (self.a.eval(x) + self.b.eval(x)) % 1000003
    def diff(self): return Add(self.a.diff(), self.b.diff())
    def size(self): return 1 + self.a.size() + self.b.size()
class Mul:
    def __init__(self, a, b):
        self.a = a
        self.b = b
    def eval(self, x): return (self.a.eval(x) * self.b.eval(x)) % 1000003
    def diff(self): return Add(Mul(self.a.diff(), self.b), Mul(self.a, self.b.diff()))
    def size(self): return 1 + self.a.size() + self.b.size()
def poly(n):
    e = Num(1)
    for i in range(n): e = Add(Mul(e, Var()), Num(i))
    return e
def run(n, rounds):
    p = poly(n)
    total = 0
    for r in range(rounds):
        d = p.diff()
        total = (total + d.eval(r) + d.size()) % 1000003
    return total
print(run(30, 4000))
