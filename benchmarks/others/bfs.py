def neighbours(n):
    graph = {}
    for i in range(n): graph[i] = [(i * 7 + 1) % n, (i * 13 + 5) % n, (i + 1) % n]
    return graph
def bfs(graph, start):
    distance = {start: 0}
    queue = [start]
    at = 0
    while at < len(queue):
        node = queue[at]
        at += 1
        for next in graph[node]:
            if next not in distance:
                distance[next] = distance[node] + 1
                queue.append(next)
    s = 0
    for node in queue: s += distance[node]
    return s
g = neighbours(20000)
t = 0
for i in range(40): t += bfs(g, i)
print(t)
