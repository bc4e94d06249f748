"""Quicksort of n pseudo-random integers: a list handed through recursive calls."""

import sys


def numbers(n: int) -> list[int]:
    values = []
    seed = 42
    for _ in range(n):
        seed = (seed * 3877 + 29573) % 139968
        values.append(seed)
    return values


def quicksort(values: list[int], low: int, high: int) -> list[int]:
    pivot = values[(low + high) // 2]
    i = low
    j = high
    while i <= j:
        while values[i] < pivot:
            i += 1
        while values[j] > pivot:
            j -= 1
        if i <= j:
            values[i], values[j] = values[j], values[i]
            i += 1
            j -= 1
    if low < j:
        values = quicksort(values, low, j)
    if i < high:
        values = quicksort(values, i, high)
    return values


def checksum(values: list[int]) -> int:
    check = 0
    for value in values:
        check = (check * 31 + value) % 1000007
    return check


if __name__ == "__main__":
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    print(checksum(quicksort(numbers(n), 0, n - 1)))
