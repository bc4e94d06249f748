"""Edit distance of two pseudo-random texts of n characters: rows of a table, and characters compared."""

import sys


def make_text(n: int, seed: int) -> str:
    text = ""
    for _ in range(n):
        seed = (seed * 3877 + 29573) % 139968
        text = text + "acgt"[seed // 34992]
    return text


def least(a: int, b: int, c: int) -> int:
    if a < b:
        if a < c:
            return a
        return c
    if b < c:
        return b
    return c


def distance(left: str, right: str) -> int:
    previous = list(range(len(right) + 1))
    for i in range(len(left)):
        row = [i + 1]
        for j in range(len(right)):
            cost = 1
            if left[i] == right[j]:
                cost = 0
            row.append(least(previous[j + 1] + 1, row[j] + 1, previous[j] + cost))
        previous = row
    return previous[len(right)]


if __name__ == "__main__":
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 3200
    print(distance(make_text(n, 42), make_text(n, 4711)))
