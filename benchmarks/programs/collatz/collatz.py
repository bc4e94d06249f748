"""The start below n with the longest Collatz sequence: integer while loops and branches."""

import sys


def sequence_length(start: int) -> int:
    value = start
    steps = 0
    while value != 1:
        value = value // 2 if value % 2 == 0 else 3 * value + 1
        steps += 1
    return steps


def longest(n: int) -> str:
    best = 1
    best_length = 0
    for start in range(1, n):
        length = sequence_length(start)
        if length > best_length:
            best = start
            best_length = length
    return f"{best} {best_length}"


if __name__ == "__main__":
    print(longest(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000))
