/* A pipeline of three generators: each item passes through all of them before the next one is made. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct Generator {
    bool (*next)(struct Generator *self, long long *item);
    struct Generator *source;
    long long position, end;
} Generator;

static bool next_number(Generator *self, long long *item) {
    if (self->position >= self->end)
        return false;
    *item = self->position++;
    return true;
}

static bool next_square(Generator *self, long long *item) {
    if (!self->source->next(self->source, item))
        return false;
    *item = *item * *item % 1000;
    return true;
}

static bool next_odd(Generator *self, long long *item) {
    while (self->source->next(self->source, item))
        if (*item % 2 == 1)
            return true;
    return false;
}

int main(int argc, char **argv) {
    Generator numbers = {next_number, NULL, 0, argc > 1 ? atoll(argv[1]) : 10000000};
    Generator squares = {next_square, &numbers, 0, 0};
    Generator odd = {next_odd, &squares, 0, 0};
    long long sum = 0, item;
    while (odd.next(&odd, &item))
        sum += item;
    printf("%lld\n", sum);
    return 0;
}
