def make_store():
    items = []; index = {}
    def add(k, v):
        items.append(v); index[k] = len(items) - 1
        return len(items)
    def get(k): return items[index[k]]
    return add, get
add, get = make_store()
t = 0
for i in range(200000):
    add(f"k{i % 5000}", i)
    t = (t + get(f"k{i % 100}")) % 1000007
print(t)
