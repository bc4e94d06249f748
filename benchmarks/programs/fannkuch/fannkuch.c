/* Turning prefixes of all permutations of n numbers: elements of small arrays, read and written. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int flips_of(const int *original, int *permutation, int n) {
    memcpy(permutation, original, n * sizeof *permutation);
    int flips = 0, first = permutation[0];
    while (first != 0) {
        for (int low = 1, high = first - 1; low < high; low++, high--) {
            int swapped = permutation[low];
            permutation[low] = permutation[high];
            permutation[high] = swapped;
        }
        int next = permutation[first];
        permutation[first] = first;
        first = next;
        flips++;
    }
    return flips;
}

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 10;
    int *permutation = malloc(n * sizeof *permutation), *turned = malloc(n * sizeof *turned);
    int *counts = malloc(n * sizeof *counts);
    for (int i = 0; i < n; i++)
        permutation[i] = counts[i] = i;
    long long checksum = 0;
    int most = 0, level = n;
    bool is_even = true;
    while (true) {
        for (; level > 1; level--)
            counts[level - 1] = level;
        int flips = flips_of(permutation, turned, n);
        if (flips > most)
            most = flips;
        checksum += is_even ? flips : -flips;
        while (true) {
            if (level == n) {
                printf("%lld %d\n", checksum, most);
                free(permutation);
                free(turned);
                free(counts);
                return 0;
            }
            int first = permutation[0];
            for (int i = 0; i < level; i++)
                permutation[i] = permutation[i + 1];
            permutation[level] = first;
            counts[level]--;
            if (counts[level] > 0)
                break;
            level++;
        }
        is_even = !is_even;
    }
}
