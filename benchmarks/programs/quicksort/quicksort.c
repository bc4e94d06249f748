/* Quicksort of n pseudo-random integers: an array handed through recursive calls. */
#include <stdio.h>
#include <stdlib.h>

static void quicksort(long long *values, long long low, long long high) {
    long long pivot = values[(low + high) / 2], i = low, j = high;
    while (i <= j) {
        while (values[i] < pivot)
            i++;
        while (values[j] > pivot)
            j--;
        if (i <= j) {
            long long swapped = values[i];
            values[i++] = values[j];
            values[j--] = swapped;
        }
    }
    if (low < j)
        quicksort(values, low, j);
    if (i < high)
        quicksort(values, i, high);
}

int main(int argc, char **argv) {
    long long n = argc > 1 ? atoll(argv[1]) : 1000000, seed = 42, check = 0;
    long long *values = malloc(n * sizeof *values);
    for (long long i = 0; i < n; i++) {
        seed = (seed * 3877 + 29573) % 139968;
        values[i] = seed;
    }
    quicksort(values, 0, n - 1);
    for (long long i = 0; i < n; i++)
        check = (check * 31 + values[i]) % 1000007;
    printf("%lld\n", check);
    return 0;
}
