"""Reading a text character by character n times: indexing strings and comparing characters."""

import sys


def make_text() -> str:
    return "total = (price + 19) * count - 7; // as agreed\n" * 2000


def scan(text: str) -> int:
    numbers = 0
    names = 0
    others = 0
    i = 0
    length = len(text)
    while i < length:
        c = text[i]
        i += 1
        if c >= "a" and c <= "z":
            names += 1
            while i < length and text[i] >= "a" and text[i] <= "z":
                i += 1
        elif c >= "0" and c <= "9":
            numbers += 1
            while i < length and text[i] >= "0" and text[i] <= "9":
                i += 1
        elif c != " " and c != "\n":
            others += 1
    return numbers * 7 + names * 3 + others


def run(rounds: int) -> int:
    text = make_text()
    total = 0
    for _ in range(rounds):
        total += scan(text)
    return total


if __name__ == "__main__":
    print(run(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
