"""Three nested counting loops around a little integer arithmetic."""

import sys


def count(n: int) -> int:
    total = 0
    for i in range(n):
        for j in range(n):
            for k in range(n):
                total = total + (i * j + k) % 7
    return total


if __name__ == "__main__":
    print(count(int(sys.argv[1]) if len(sys.argv) > 1 else 320))
