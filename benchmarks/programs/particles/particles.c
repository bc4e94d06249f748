/* Particles in an array move for n steps; their fields are assigned in place. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
    double x, y, vx, vy;
} Particle;

int main(int argc, char **argv) {
    long long steps = argc > 1 ? atoll(argv[1]) : 12000;
    Particle *particles = malloc(1000 * sizeof *particles);
    for (int i = 0; i < 1000; i++)
        particles[i] = (Particle){i * 0.5, i * 0.25, 1.0 + i * 0.001, 0.5 - i * 0.002};
    for (long long step = 0; step < steps; step++)
        for (int i = 0; i < 1000; i++) {
            particles[i].x += particles[i].vx * 0.01;
            particles[i].y += particles[i].vy * 0.01;
            if (particles[i].x > 500.0)
                particles[i].vx = -particles[i].vx;
            if (particles[i].y < 0.0)
                particles[i].vy = -particles[i].vy;
        }
    double sum = 0.0;
    for (int i = 0; i < 1000; i++)
        sum += particles[i].x + particles[i].y;
    printf("%.0f\n", floor(sum * 1000.0));
    free(particles);
    return 0;
}
