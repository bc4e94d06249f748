/* Planets pulling at each other: float fields of structs in an array, written in place. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
    double x, y, z, vx, vy, vz, mass;
} Body;

enum { COUNT = 5 };

static Body bodies[COUNT] = {
    {0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0},
    {4.84143144246472090, -1.16032004402742839, -0.103622044471123109, 0.00166007664274403694,
     0.00769901118419740425, -0.0000690460016972063023, 0.000954791938424326609},
    {8.34336671824457987, 4.12479856412430479, -0.403523417114321381, -0.00276742510726411029,
     0.00499852801234917238, 0.0000230417297573763929, 0.000285885980666130812},
    {12.8943695621391310, -15.1111514016986312, -0.223307578892655734, 0.00296460137564761618,
     0.00237847173959480950, -0.0000296589568540237556, 0.0000436624404335156298},
    {15.3796971148509165, -25.9193146099879641, 0.179258772950371181, 0.00268067772490389322,
     0.00162824170038242295, -0.0000951592254519715870, 0.0000515138902046611451},
};

static void scale_units(void) {
    double pi = 3.141592653589793;
    for (int i = 0; i < COUNT; i++) {
        bodies[i].vx *= 365.24;
        bodies[i].vy *= 365.24;
        bodies[i].vz *= 365.24;
        bodies[i].mass *= 4.0 * pi * pi;
    }
}

static void advance(double dt) {
    for (int i = 0; i < COUNT; i++) {
        Body *this = &bodies[i];
        for (int j = i + 1; j < COUNT; j++) {
            Body *other = &bodies[j];
            double dx = this->x - other->x;
            double dy = this->y - other->y;
            double dz = this->z - other->z;
            double squared = dx * dx + dy * dy + dz * dz;
            double pull = dt / (squared * sqrt(squared));
            double from_other = other->mass * pull;
            double from_this = this->mass * pull;
            this->vx -= dx * from_other;
            this->vy -= dy * from_other;
            this->vz -= dz * from_other;
            other->vx += dx * from_this;
            other->vy += dy * from_this;
            other->vz += dz * from_this;
        }
    }
    for (int i = 0; i < COUNT; i++) {
        bodies[i].x += dt * bodies[i].vx;
        bodies[i].y += dt * bodies[i].vy;
        bodies[i].z += dt * bodies[i].vz;
    }
}

static double energy(void) {
    double total = 0.0;
    for (int i = 0; i < COUNT; i++) {
        Body *body = &bodies[i];
        total += 0.5 * body->mass * (body->vx * body->vx + body->vy * body->vy + body->vz * body->vz);
        for (int j = i + 1; j < COUNT; j++) {
            Body *other = &bodies[j];
            double dx = body->x - other->x;
            double dy = body->y - other->y;
            double dz = body->z - other->z;
            total -= body->mass * other->mass / sqrt(dx * dx + dy * dy + dz * dz);
        }
    }
    return total;
}

int main(int argc, char **argv) {
    long long n = argc > 1 ? atoll(argv[1]) : 400000;
    scale_units();
    for (long long step = 0; step < n; step++)
        advance(0.01);
    printf("%.0f\n", floor(energy() * 1000000000000.0));
    return 0;
}
