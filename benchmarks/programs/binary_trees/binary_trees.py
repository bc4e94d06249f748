"""Building and counting binary trees that are thrown away at once: allocation and collection."""

from __future__ import annotations

import sys


class Node:
    __slots__ = ("left", "right")

    def __init__(self, left: Node | None, right: Node | None) -> None:
        self.left = left
        self.right = right


def build(depth: int) -> Node:
    if depth == 0:
        return Node(None, None)
    return Node(build(depth - 1), build(depth - 1))


def count_nodes(node: Node) -> int:
    if node.left is None or node.right is None:
        return 1
    return 1 + count_nodes(node.left) + count_nodes(node.right)


def run(max_depth: int) -> str:
    kept = build(max_depth)
    total = 0
    trees = 16
    depth = max_depth
    while depth >= 4:
        for _ in range(trees):
            total += count_nodes(build(depth))
        trees = trees * 4
        depth -= 2
    return f"{total} {count_nodes(kept)}"


if __name__ == "__main__":
    print(run(int(sys.argv[1]) if len(sys.argv) > 1 else 15))
