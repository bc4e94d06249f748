/* map, filter and reduce over an array n times; a closure is a function and what it captured. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
    long long (*map)(long long captured, long long x);
    bool (*filter)(long long captured, long long x);
    long long captured;
} Closure;

typedef long long (*Reducer)(long long total, long long x);

static long long scale(long long factor, long long x) { return x * factor + 1; }
static bool is_multiple(long long modulus, long long x) { return x % modulus == 0; }
static long long add(long long total, long long x) { return total + x; }

static long long *map(const long long *numbers, size_t count, const Closure *closure) {
    long long *result = malloc(count * sizeof *result);
    for (size_t i = 0; i < count; i++)
        result[i] = closure->map(closure->captured, numbers[i]);
    return result;
}

static long long *filter(const long long *numbers, size_t *count, const Closure *closure) {
    long long *result = malloc(*count * sizeof *result);
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++)
        if (closure->filter(closure->captured, numbers[i]))
            result[kept++] = numbers[i];
    *count = kept;
    return result;
}

static long long reduce(const long long *numbers, size_t count, long long total, Reducer reducer) {
    for (size_t i = 0; i < count; i++)
        total = reducer(total, numbers[i]);
    return total;
}

static long long pipeline(const long long *numbers, size_t count, long long factor, long long modulus) {
    Closure scaling = {scale, NULL, factor}, keeping = {NULL, is_multiple, modulus};
    long long *scaled = map(numbers, count, &scaling);
    long long *kept = filter(scaled, &count, &keeping);
    long long total = reduce(kept, count, 0, add);
    free(scaled);
    free(kept);
    return total;
}

int main(int argc, char **argv) {
    long long n = argc > 1 ? atoll(argv[1]) : 14000, check = 0, numbers[1000];
    for (int i = 0; i < 1000; i++)
        numbers[i] = i;
    for (long long round = 0; round < n; round++)
        check = (check * 31 + pipeline(numbers, 1000, round, 3)) % 1000007;
    printf("%lld\n", check);
    return 0;
}
