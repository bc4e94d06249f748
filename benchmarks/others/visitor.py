class File:
    def __init__(self, name, size):
        self.name = name
        self.size = size
    def accept(self, v): return v.visit_file(self)
class Dir:
    def __init__(self, name, children):
        self.name = name
        self.children = children
    def accept(self, v): return v.visit_dir(self)
class Sizer:
    def visit_file(self, f): return f.size
    def visit_dir(self, d):
        total = 0
        for c in d.children: total += c.accept(self)
        return total
class Finder:
    def __init__(self, suffix): self.suffix = suffix
    def visit_file(self, f):
        if f.name.endswith(self.suffix): return [f.name]
        return []
    def visit_dir(self, d):
        out = []
        for c in d.children: out = out + c.accept(self)
        return out
class Depth:
    def visit_file(self, f): return 0
    def visit_dir(self, d):
        best = 0
        for c in d.children:
            n = c.accept(self)
            if n > best: best = n
        return best + 1
class Renamer:
    def visit_file(self, f): return File("x" + f.name, f.size + 1)
    def visit_dir(self, d): return Dir(d.name, [c.accept(self) for c in d.children])
def make(depth, seed):
    if depth == 0: return File(f"f{seed}.{['txt', 'py', 'ruff'][seed % 3]}", seed % 1000)
    return Dir(f"d{seed}", [make(depth - 1, (seed * 31 + i * 7) % 100003) for i in range(5)])
def run(rounds):
    tree = make(5, 1)
    total = 0
    for r in range(rounds):
        tree = tree.accept(Renamer())
        total += tree.accept(Sizer()) + len(tree.accept(Finder(".py"))) + tree.accept(Depth())
    return total
print(run(200))
