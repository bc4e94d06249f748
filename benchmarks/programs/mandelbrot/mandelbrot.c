/* Iterations until escape, summed over an n by n grid: float arithmetic in a tight loop. */
#include <stdio.h>
#include <stdlib.h>

static int iterations(double cr, double ci) {
    double zr = 0.0, zi = 0.0;
    int steps = 0;
    for (; steps < 50; steps++) {
        double rr = zr * zr, ii = zi * zi;
        if (rr + ii > 4.0)
            return steps;
        zi = 2.0 * zr * zi + ci;
        zr = rr - ii + cr;
    }
    return steps;
}

int main(int argc, char **argv) {
    long long n = argc > 1 ? atoll(argv[1]) : 900, total = 0;
    for (long long row = 0; row < n; row++) {
        double ci = 2.0 * row / n - 1.0;
        for (long long column = 0; column < n; column++)
            total += iterations(3.0 * column / n - 2.0, ci);
    }
    printf("%lld\n", total);
    return 0;
}
