"""A pipeline of three generators: each item passes through all of them before the next one is made."""

import sys
from collections.abc import Iterator


def numbers(n: int) -> Iterator[int]:
    i = 0
    while i < n:
        yield i
        i += 1


def squares(source: Iterator[int]) -> Iterator[int]:
    for x in source:
        yield x * x % 1000


def odd(source: Iterator[int]) -> Iterator[int]:
    for x in source:
        if x % 2 == 1:
            yield x


def total(n: int) -> int:
    result = 0
    for x in odd(squares(numbers(n))):
        result += x
    return result


if __name__ == "__main__":
    print(total(int(sys.argv[1]) if len(sys.argv) > 1 else 10000000))
