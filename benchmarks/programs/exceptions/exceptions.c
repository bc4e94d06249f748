/* n guarded calls of which every third raises two calls further down, by longjmp. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static jmp_buf handler;
static const char *message;

static long long parse(long long i) {
    if (i % 3 == 0) {
        message = "not a number";
        longjmp(handler, 1);
    }
    return i % 10;
}

static long long checked(long long i) {
    return parse(i) + 1;
}

int main(int argc, char **argv) {
    volatile long long n = argc > 1 ? atoll(argv[1]) : 6000000, total = 0, failures = 0;
    for (volatile long long i = 0; i < n; i++) {
        if (setjmp(handler) == 0)
            total += checked(i);
        else
            failures += strlen(message);
    }
    printf("%lld %lld\n", total, failures);
    return 0;
}
