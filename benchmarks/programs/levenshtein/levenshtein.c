/* Edit distance of two pseudo-random texts of n characters: rows of a table, and characters compared. */
#include <stdio.h>
#include <stdlib.h>

static char *make_text(int n, int seed) {
    char *text = malloc(n + 1);
    for (int i = 0; i < n; i++) {
        seed = (seed * 3877 + 29573) % 139968;
        text[i] = "acgt"[seed / 34992];
    }
    text[n] = 0;
    return text;
}

static long long least(long long a, long long b, long long c) {
    if (a < b)
        return a < c ? a : c;
    return b < c ? b : c;
}

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 3200;
    char *left = make_text(n, 42), *right = make_text(n, 4711);
    long long *previous = malloc((n + 1) * sizeof *previous), *row = malloc((n + 1) * sizeof *row);
    for (int j = 0; j <= n; j++)
        previous[j] = j;
    for (int i = 0; i < n; i++) {
        row[0] = i + 1;
        for (int j = 0; j < n; j++)
            row[j + 1] = least(previous[j + 1] + 1, row[j] + 1, previous[j] + (left[i] != right[j]));
        long long *swapped = previous;
        previous = row;
        row = swapped;
    }
    printf("%lld\n", previous[n]);
    free(previous);
    free(row);
    free(left);
    free(right);
    return 0;
}
