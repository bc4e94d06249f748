"""Iterations until escape, summed over an n by n grid: float arithmetic in a tight loop."""

import sys


def iterations(cr: float, ci: float) -> int:
    zr = 0.0
    zi = 0.0
    steps = 0
    while steps < 50:
        rr = zr * zr
        ii = zi * zi
        if rr + ii > 4.0:
            return steps
        zi = 2.0 * zr * zi + ci
        zr = rr - ii + cr
        steps += 1
    return steps


def mandelbrot(n: int) -> int:
    total = 0
    for row in range(n):
        ci = 2.0 * row / n - 1.0
        for column in range(n):
            total += iterations(3.0 * column / n - 2.0, ci)
    return total


if __name__ == "__main__":
    print(mandelbrot(int(sys.argv[1]) if len(sys.argv) > 1 else 900))
