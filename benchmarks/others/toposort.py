def make_graph(n):
    g = {f"t{i}": [] for i in range(n)}
    seed = 11
    for i in range(n):
        for j in range(4):
            seed = (seed * 1103515245 + 12345) % 2147483648
            to = i + 1 + seed // 1024 % 50
            if to < n: g[f"t{i}"].append(f"t{to}")
    return g
def topo(g):
    indegree = {node: 0 for node in g}
    for node in g:
        for to in g[node]: indegree[to] += 1
    ready = [node for node in g if indegree[node] == 0]
    order = []
    while ready:
        node = ready.pop()
        order.append(node)
        for to in g[node]:
            indegree[to] -= 1
            if indegree[to] == 0: ready.append(to)
    return order
graph = make_graph(30000)
check = 0
for r in range(5):
    order = topo(graph)
    for i, node in enumerate(order): check = (check * 31 + len(node) * i) % 1000007
print(check)
