class Edge:
    __slots__ = ("cost", "to")
    def __init__(self, to, cost): self.to = to; self.cost = cost
class Entry:
    __slots__ = ("distance", "node")
    def __init__(self, distance, node): self.distance = distance; self.node = node
class Heap:
    def __init__(self): self.items = []
    def put(self, entry):
        items = self.items
        items.append(entry)
        i = len(items) - 1
        while i > 0:
            parent = (i - 1) // 2
            if items[parent].distance <= items[i].distance: break
            items[i], items[parent] = items[parent], items[i]
            i = parent
    def take(self):
        items = self.items
        first = items[0]
        last = items.pop()
        if items:
            items[0] = last
            i = 0
            while True:
                least = i
                left = i * 2 + 1
                right = left + 1
                if left < len(items) and items[left].distance < items[least].distance: least = left
                if right < len(items) and items[right].distance < items[least].distance: least = right
                if least == i: break
                items[i], items[least] = items[least], items[i]
                i = least
        return first
def shortest(graph, n):
    distance = [1000000000] * n
    distance[0] = 0
    heap = Heap()
    heap.put(Entry(0, 0))
    while heap.items:
        entry = heap.take()
        if entry.distance > distance[entry.node]: continue
        for edge in graph[entry.node]:
            next = entry.distance + edge.cost
            if next < distance[edge.to]:
                distance[edge.to] = next
                heap.put(Entry(next, edge.to))
    total = 0
    for d in distance: total = (total * 31 + d) % 1000007
    return total
def run(n):
    graph = []
    seed = 3
    for i in range(n):
        edges = [Edge((i + 1) % n, 50)]
        for j in range(4):
            seed = (seed * 1103515245 + 12345) % 2147483648
            edges.append(Edge(seed % n, seed // 7 % 100 + 1))
        graph.append(edges)
    return shortest(graph, n)
print(run(60000))
