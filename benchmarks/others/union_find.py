def find(parent, x):
    root = x
    while parent[root] != root: root = parent[root]
    return root
def run(n):
    parent = list(range(n))
    seed = 5; joined = 0
    for i in range(n * 2):
        seed = (seed * 1103515245 + 12345) % 2147483648
        a = find(parent, seed % n)
        seed = (seed * 1103515245 + 12345) % 2147483648
        b = find(parent, seed % n)
        if a != b:
            parent[a] = b
            joined += 1
    return joined
print(run(30000))
