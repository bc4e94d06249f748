def make_docs(n):
    base = ["red", "green", "blue", "fox", "dog", "cat", "tree", "river", "stone", "cloud", "apple", "pear", "lamp"]
    docs = []
    seed = 3
    for i in range(n):
        parts = []
        for j in range(40):
            seed = (seed * 1103515245 + 12345) % 2147483648
            parts.append(f"{base[seed % len(base)]}{seed // 65536 % 30}")
        docs.append(" ".join(parts))
    return docs
def build(docs):
    index = {}
    for i, doc in enumerate(docs):
        for w in doc.split(" "):
            if w not in index: index[w] = {}
            index[w][i] = index[w].get(i, 0) + 1
    return index
def search(index, words):
    scores = {}
    for w in words:
        if w in index:
            for doc, n in index[w].items():
                scores[doc] = scores.get(doc, 0) + n
    best, top = "", 0
    for doc in scores:
        if scores[doc] > top:
            top = scores[doc]
            best = doc
    return f"{best}:{top}:{len(scores)}"
docs = make_docs(12000)
index = build(docs)
out = 0
for q in range(200):
    r = search(index, [f"fox{q % 30}", f"dog{(q * 7) % 30}", f"cat{(q * 3) % 30}"])
    out = (out * 31 + len(r)) % 1000007
    if q % 50 == 0: print(r)
print(len(index), out)
