/* The largest singular value of an n by n matrix that is never stored: a small function called everywhere. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static double cell(long long i, long long j) {
    return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1);
}

static double *times(const double *vector, int n) {
    double *result = malloc(n * sizeof *result);
    for (int i = 0; i < n; i++) {
        double sum = 0.0;
        for (int j = 0; j < n; j++)
            sum += cell(i, j) * vector[j];
        result[i] = sum;
    }
    return result;
}

static double *times_transposed(const double *vector, int n) {
    double *result = malloc(n * sizeof *result);
    for (int i = 0; i < n; i++) {
        double sum = 0.0;
        for (int j = 0; j < n; j++)
            sum += cell(j, i) * vector[j];
        result[i] = sum;
    }
    return result;
}

static double *both(double *vector, int n) {
    double *between = times(vector, n);
    double *result = times_transposed(between, n);
    free(between);
    return result;
}

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 600;
    double *u = malloc(n * sizeof *u), *v = NULL;
    for (int i = 0; i < n; i++)
        u[i] = 1.0;
    for (int step = 0; step < 10; step++) {
        free(v);
        v = both(u, n);
        free(u);
        u = both(v, n);
    }
    double uv = 0.0, vv = 0.0;
    for (int i = 0; i < n; i++) {
        uv += u[i] * v[i];
        vv += v[i] * v[i];
    }
    printf("%.0f\n", floor(sqrt(uv / vv) * 1000000000.0));
    free(u);
    free(v);
    return 0;
}
