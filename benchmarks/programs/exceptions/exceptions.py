"""n guarded calls of which every third raises two calls further down."""

import sys


def parse(i: int) -> int:
    if i % 3 == 0:
        raise ValueError("not a number")
    return i % 10


def checked(i: int) -> int:
    return parse(i) + 1


def run(n: int) -> str:
    total = 0
    failures = 0
    for i in range(n):
        try:
            total += checked(i)
        except ValueError as error:
            failures += len(str(error))
    return f"{total} {failures}"


if __name__ == "__main__":
    print(run(int(sys.argv[1]) if len(sys.argv) > 1 else 6_000_000))
