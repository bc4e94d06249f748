/* The start below n with the longest Collatz sequence: integer while loops and branches. */
#include <stdio.h>
#include <stdlib.h>

static long long sequence_length(long long start) {
    long long value = start, steps = 0;
    while (value != 1) {
        value = value % 2 == 0 ? value / 2 : 3 * value + 1;
        steps++;
    }
    return steps;
}

int main(int argc, char **argv) {
    long long n = argc > 1 ? atoll(argv[1]) : 200000;
    long long best = 1, best_length = 0;
    for (long long start = 1; start < n; start++) {
        long long length = sequence_length(start);
        if (length > best_length) {
            best = start;
            best_length = length;
        }
    }
    printf("%lld %lld\n", best, best_length);
    return 0;
}
