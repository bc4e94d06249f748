"""Counting the words of a text n times: splitting, and a dictionary with string keys."""

import sys


def make_text() -> str:
    pieces = []
    seed = 42
    for _ in range(100000):
        seed = (seed * 3877 + 29573) % 139968
        pieces.append(f"word{seed % 5000}")
    return " ".join(pieces)


def count_words(text: str, counts: dict[str, int]) -> dict[str, int]:
    for word in text.split(" "):
        if word in counts:
            counts[word] += 1
        else:
            counts[word] = 1
    return counts


def run(rounds: int) -> str:
    text = make_text()
    counts: dict[str, int] = {}
    for _ in range(rounds):
        counts = count_words(text, counts)
    check = 0
    for word in counts:
        check = (check + len(word) * counts[word]) % 1000007
    return f"{len(counts)} {counts['word42']} {check}"


if __name__ == "__main__":
    print(run(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
