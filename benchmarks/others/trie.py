def insert(node, word, at):
    if at == len(word):
        node["*"] = True
        return node
    letter = word[at]
    if letter not in node: node[letter] = {}
    node[letter] = insert(node[letter], word, at + 1)
    return node
def has(node, word):
    here = node
    for i in range(len(word)):
        if word[i] not in here: return False
        here = here[word[i]]
    return "*" in here
def run(n):
    root = {}
    seed = 9
    for i in range(n):
        seed = (seed * 1103515245 + 12345) % 2147483648
        root = insert(root, f"{seed % 50000}", 0)
    found = 0
    for i in range(200000):
        if has(root, f"{i}"): found += 1
    return found
print(run(100000))
