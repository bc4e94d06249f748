"""n lines, each grown piece by piece, then joined to one text."""

import sys


def build_line(number: int) -> str:
    line = f"line {number}:"
    for i in range(50):
        line = line + f"{(number * 13 + i * 7) % 9973},"
    return line


def build_text(n: int) -> str:
    lines = []
    for number in range(n):
        lines.append(build_line(number))
    return "\n".join(lines)


if __name__ == "__main__":
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 120_000
    text = build_text(n)
    print(f"{len(text)} {text.find(f'line {n - 1}:')}")
