/* The product of two n by n matrices held as arrays of rows. */
#include <stdio.h>
#include <stdlib.h>

static long long **filled(long long n, long long factor) {
    long long **rows = malloc(n * sizeof *rows);
    for (long long i = 0; i < n; i++) {
        rows[i] = malloc(n * sizeof **rows);
        for (long long j = 0; j < n; j++)
            rows[i][j] = (i * factor + j) % 10;
    }
    return rows;
}

static long long **product(long long **a, long long **b, long long n) {
    long long **result = filled(n, 0);
    for (long long i = 0; i < n; i++) {
        for (long long j = 0; j < n; j++) {
            long long total = 0;
            for (long long k = 0; k < n; k++)
                total += a[i][k] * b[k][j];
            result[i][j] = total;
        }
    }
    return result;
}

int main(int argc, char **argv) {
    long long n = argc > 1 ? atoll(argv[1]) : 320, check = 0;
    long long **result = product(filled(n, 3), filled(n, 7), n);
    for (long long i = 0; i < n; i++)
        for (long long j = 0; j < n; j++)
            check = (check * 31 + result[i][j]) % 1000007;
    printf("%lld\n", check);
    return 0;
}
