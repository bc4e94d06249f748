"""The largest singular value of an n by n matrix that is never stored: a small function called everywhere."""

import math
import sys


def cell(i: int, j: int) -> float:
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)


def times(vector: list[float]) -> list[float]:
    n = len(vector)
    result = []
    for i in range(n):
        total = 0.0
        for j in range(n):
            total += cell(i, j) * vector[j]
        result.append(total)
    return result


def times_transposed(vector: list[float]) -> list[float]:
    n = len(vector)
    result = []
    for i in range(n):
        total = 0.0
        for j in range(n):
            total += cell(j, i) * vector[j]
        result.append(total)
    return result


def spectral_norm(n: int) -> int:
    u = [1.0] * n
    v = u
    for _ in range(10):
        v = times_transposed(times(u))
        u = times_transposed(times(v))
    uv = 0.0
    vv = 0.0
    for i in range(n):
        uv += u[i] * v[i]
        vv += v[i] * v[i]
    return math.floor(math.sqrt(uv / vv) * 1000000000.0)


if __name__ == "__main__":
    print(spectral_norm(int(sys.argv[1]) if len(sys.argv) > 1 else 600))
