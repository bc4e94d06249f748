from collections import deque


def run(n):
    queue = deque([1]); t = 0
    for i in range(n):
        x = queue.popleft()
        t = (t + x) % 1000007
        queue.append(x + 1)
        if i % 2 == 0: queue.append(x * 3 % 1000)
    return t + len(queue)
print(run(800000))
