"""Primes below n by the sieve of Eratosthenes: appending to a list, then writing elements."""

import sys


def count_primes(n: int) -> int:
    composite: list[bool] = []
    for _ in range(n):
        composite.append(False)
    count = 0
    for i in range(2, n):
        if not composite[i]:
            count += 1
            multiple = i * i
            while multiple < n:
                composite[multiple] = True
                multiple += i
    return count


if __name__ == "__main__":
    print(count_primes(int(sys.argv[1]) if len(sys.argv) > 1 else 14_000_000))
