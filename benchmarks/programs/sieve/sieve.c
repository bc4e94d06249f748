/* Primes below n by the sieve of Eratosthenes: filling an array, then writing elements. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    long long n = argc > 1 ? atoll(argv[1]) : 14000000, count = 0;
    bool *composite = malloc(n);
    for (long long i = 0; i < n; i++)
        composite[i] = false;
    for (long long i = 2; i < n; i++) {
        if (composite[i])
            continue;
        count++;
        for (long long multiple = i * i; multiple < n; multiple += i)
            composite[multiple] = true;
    }
    printf("%lld\n", count);
    free(composite);
    return 0;
}
