"""Ways to place n queens: recursion with backtracking over a list given to each call."""

import sys


def is_free(board: list[int], row: int, column: int) -> bool:
    for earlier in range(row):
        distance = row - earlier
        taken = board[earlier]
        if taken == column or taken == column - distance or taken == column + distance:
            return False
    return True


def place(board: list[int], row: int, n: int) -> int:
    if row == n:
        return 1
    solutions = 0
    for column in range(n):
        if is_free(board, row, column):
            board[row] = column
            solutions += place(board, row + 1, n)
    return solutions


if __name__ == "__main__":
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    print(place(list(range(n)), 0, n))
