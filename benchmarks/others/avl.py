class Node:
    def __init__(self, key, value, left, right, height):
        self.key = key
        self.value = value
        self.left = left
        self.right = right
        self.height = height
def height(n):
    return 0 if n is None else n.height
def make(key, value, left, right):
    return Node(key, value, left, right, max(height(left), height(right)) + 1)
def balance(key, value, left, right):
    hl = height(left)
    hr = height(right)
    if hl > hr + 1:
        if height(left.left) >= height(left.right):
            return make(left.key, left.value, left.left, make(key, value, left.right, right))
        m = left.right
        return make(m.key, m.value, make(left.key, left.value, left.left, m.left), make(key, value, m.right, right))
    if hr > hl + 1:
        if height(right.right) >= height(right.left):
            return make(right.key, right.value, make(key, value, left, right.left), right.right)
        m = right.left
        return make(m.key, m.value, make(key, value, left, m.left), make(right.key, right.value, m.right, right.right))
    return make(key, value, left, right)
def put(n, key, value):
    if n is None: return make(key, value, None, None)
    if key < n.key: return balance(n.key, n.value, put(n.left, key, value), n.right)
    if key > n.key: return balance(n.key, n.value, n.left, put(n.right, key, value))
    return make(key, value, n.left, n.right)
def lookup(n, key):
    if n is None: return None
    if key == n.key: return n.value
    if key < n.key: return lookup(n.left, key)
    return lookup(n.right, key)
def run(n):
    tree = None
    seed = 17
    for i in range(n):
        seed = (seed * 1103515245 + 12345) % 2147483648
        tree = put(tree, seed % 20000, i)
    found = total = 0
    for k in range(20000):
        v = lookup(tree, k)
        if v is not None:
            found += 1
            total += v
    return f"{found} {total} {tree.height}"
print(run(30000))
