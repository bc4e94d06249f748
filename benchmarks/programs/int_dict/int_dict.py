"""Counting n pseudo-random integers in a dictionary with integer keys."""

import sys


def count_numbers(n: int) -> str:
    counts: dict[int, int] = {}
    seed = 42
    for _ in range(n):
        seed = (seed * 3877 + 29573) % 139968
        key = seed % 30000
        if key in counts:
            counts[key] += 1
        else:
            counts[key] = 1
    check = 0
    for key in range(30000):
        if key in counts:
            check = (check * 31 + counts[key]) % 1000007
    return f"{len(counts)} {check}"


if __name__ == "__main__":
    print(count_numbers(int(sys.argv[1]) if len(sys.argv) > 1 else 9_000_000))
