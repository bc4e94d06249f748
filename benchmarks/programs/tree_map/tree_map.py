"""A search tree that is never changed: each insertion makes the nodes on its path anew."""

from __future__ import annotations

import sys


class Tree:
    def __init__(self, key: int, value: int, left: Tree | None, right: Tree | None) -> None:
        self.key = key
        self.value = value
        self.left = left
        self.right = right

    def with_(self, key: int, value: int) -> Tree:
        if key == self.key:
            return Tree(key, value, self.left, self.right)
        if key < self.key:
            return Tree(self.key, self.value, inserted(self.left, key, value), self.right)
        return Tree(self.key, self.value, self.left, inserted(self.right, key, value))

    def get(self, key: int) -> int:
        if key == self.key:
            return self.value
        following = self.left if key < self.key else self.right
        return 0 if following is None else following.get(key)


def inserted(tree: Tree | None, key: int, value: int) -> Tree:
    return Tree(key, value, None, None) if tree is None else tree.with_(key, value)


def run(n: int) -> int:
    tree: Tree | None = None
    seed = 42
    for i in range(n):
        seed = (seed * 1103515245 + 12345) % 2147483648
        tree = inserted(tree, seed % 100003, i)
    assert tree is not None
    check = 0
    for key in range(100003):
        check = (check * 31 + tree.get(key)) % 1000000007
    return check


if __name__ == "__main__":
    print(run(int(sys.argv[1]) if len(sys.argv) > 1 else 160000))
