/* Three nested counting loops around a little integer arithmetic. */
#include <stdio.h>
#include <stdlib.h>

static long long count(long long n) {
    long long total = 0;
    for (long long i = 0; i < n; i++)
        for (long long j = 0; j < n; j++)
            for (long long k = 0; k < n; k++)
                total += (i * j + k) % 7;
    return total;
}

int main(int argc, char **argv) {
    printf("%lld\n", count(argc > 1 ? atoll(argv[1]) : 320));
    return 0;
}
