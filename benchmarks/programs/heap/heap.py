"""A binary heap in an array: n pseudo-random numbers go in, and come out in order."""

import sys


def sink(heap: list[int], start: int) -> None:
    item = heap[start]
    i = start
    size = len(heap)
    while True:
        child = 2 * i + 1
        if child >= size:
            break
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if item <= heap[child]:
            break
        heap[i] = heap[child]
        i = child
    heap[i] = item


def rise(heap: list[int], start: int) -> None:
    item = heap[start]
    i = start
    while i > 0:
        parent = (i - 1) // 2
        if heap[parent] <= item:
            break
        heap[i] = heap[parent]
        i = parent
    heap[i] = item


def run(n: int) -> int:
    heap: list[int] = []
    seed = 42
    for _ in range(n):
        seed = (seed * 1103515245 + 12345) % 2147483648
        heap.append(seed)
        rise(heap, len(heap) - 1)
    check = 0
    while heap:
        check = (check * 31 + heap[0]) % 1000000007
        last = heap.pop()
        if heap:
            heap[0] = last
            sink(heap, 0)
    return check


if __name__ == "__main__":
    print(run(int(sys.argv[1]) if len(sys.argv) > 1 else 500000))
