class Tree:
    __slots__ = ("left", "right", "value")
    def __init__(self, left, value, right): self.left = left; self.value = value; self.right = right
def make(low, high):
    if low >= high: return None
    middle = (low + high) // 2
    return Tree(make(low, middle), middle, make(middle + 1, high))
def walk(tree):
    if tree is not None:
        for x in walk(tree.left): yield x
        yield tree.value
        for x in walk(tree.right): yield x
tree = make(0, 20000)
t = 0
for r in range(4):
    for x in walk(tree): t = (t * 3 + x) % 1000007
print(t)
