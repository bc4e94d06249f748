/* Ways to place n queens: recursion with backtracking over an array given to each call. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static bool is_free(const int *board, int row, int column) {
    for (int earlier = 0; earlier < row; earlier++) {
        int distance = row - earlier, taken = board[earlier];
        if (taken == column || taken == column - distance || taken == column + distance)
            return false;
    }
    return true;
}

static long long place(int *board, int row, int n) {
    if (row == n)
        return 1;
    long long solutions = 0;
    for (int column = 0; column < n; column++) {
        if (is_free(board, row, column)) {
            board[row] = column;
            solutions += place(board, row + 1, n);
        }
    }
    return solutions;
}

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 12;
    int *board = calloc(n, sizeof *board);
    printf("%lld\n", place(board, 0, n));
    free(board);
    return 0;
}
