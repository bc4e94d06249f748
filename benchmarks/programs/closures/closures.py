"""map, filter and reduce over a list n times, with functions that capture variables."""

import sys
from functools import reduce


def pipeline(numbers: list[int], factor: int, modulus: int) -> int:
    scaled = list(map(lambda x: x * factor + 1, numbers))
    kept = list(filter(lambda x: x % modulus == 0, scaled))
    return reduce(lambda total, x: total + x, kept, 0)


def run(rounds: int) -> int:
    numbers = list(range(1000))
    check = 0
    for factor in range(rounds):
        check = (check * 31 + pipeline(numbers, factor, 3)) % 1000007
    return check


if __name__ == "__main__":
    print(run(int(sys.argv[1]) if len(sys.argv) > 1 else 14_000))
