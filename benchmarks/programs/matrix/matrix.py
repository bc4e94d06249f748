"""The product of two n by n matrices held as lists of lists."""

import sys


def filled(n: int, factor: int) -> list[list[int]]:
    rows = []
    for i in range(n):
        row = []
        for j in range(n):
            row.append((i * factor + j) % 10)
        rows.append(row)
    return rows


def product(a: list[list[int]], b: list[list[int]], n: int) -> list[list[int]]:
    result = filled(n, 0)
    for i in range(n):
        for j in range(n):
            total = 0
            for k in range(n):
                total += a[i][k] * b[k][j]
            result[i][j] = total
    return result


def checksum(rows: list[list[int]]) -> int:
    check = 0
    for row in rows:
        for value in row:
            check = (check * 31 + value) % 1000007
    return check


if __name__ == "__main__":
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 320
    print(checksum(product(filled(n, 3), filled(n, 7), n)))
