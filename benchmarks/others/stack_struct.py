class Stack:
    def __init__(self): self.items = []
    def add(self, x): self.items.append(x); return self
    def take(self): return self.items.pop()
    def size(self): return len(self.items)
def run(n):
    s = Stack(); t = 0
    for i in range(n):
        s.add(i)
        if i % 3 == 2: t = (t + s.take()) % 1000007
    return t + s.size()
print(run(900000))
