class Node:
    __slots__ = ("key", "left", "right")
    def __init__(self, key): self.key = key; self.left = None; self.right = None
def insert(node, key):
    if node is None: return Node(key)
    if key < node.key: node.left = insert(node.left, key)
    if key > node.key: node.right = insert(node.right, key)
    return node
def height(node):
    if node is None: return 0
    return 1 + max(height(node.left), height(node.right))
def has(node, key):
    here = node
    while here is not None:
        if here.key == key: return True
        if key < here.key: here = here.left
        else: here = here.right
    return False
def run(n):
    root = None
    seed = 5
    for i in range(n):
        seed = (seed * 1103515245 + 12345) % 2147483648
        root = insert(root, seed % 100000)
    found = 0
    for i in range(0, 100000, 3):
        if has(root, i): found += 1
    return height(root) * 100000 + found
print(run(100000))
