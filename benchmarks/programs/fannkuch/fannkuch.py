"""Turning prefixes of all permutations of n numbers: elements of small lists, read and written."""

import sys


def flips_of(permutation: list[int]) -> int:
    flips = 0
    first = permutation[0]
    while first != 0:
        low = 1
        high = first - 1
        while low < high:
            swapped = permutation[low]
            permutation[low] = permutation[high]
            permutation[high] = swapped
            low += 1
            high -= 1
        following = permutation[first]
        permutation[first] = first
        first = following
        flips += 1
    return flips


def fannkuch(n: int) -> str:
    permutation = list(range(n))
    counts = list(range(n))
    most = 0
    checksum = 0
    is_even = True
    level = n
    while True:
        while level > 1:
            counts[level - 1] = level
            level -= 1
        flips = flips_of(permutation[:])
        if flips > most:
            most = flips
        if is_even:
            checksum += flips
        else:
            checksum -= flips
        while True:
            if level == n:
                return f"{checksum} {most}"
            first = permutation[0]
            for i in range(level):
                permutation[i] = permutation[i + 1]
            permutation[level] = first
            counts[level] -= 1
            if counts[level] > 0:
                break
            level += 1
        is_even = not is_even


if __name__ == "__main__":
    print(fannkuch(int(sys.argv[1]) if len(sys.argv) > 1 else 10))
