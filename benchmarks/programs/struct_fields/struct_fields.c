/* A ball in a box: reading and writing the fields of one struct in a loop. */
#include <stdio.h>
#include <stdlib.h>

typedef struct {
    long long x, y, vx, vy, bounces;
} Ball;

int main(int argc, char **argv) {
    long long n = argc > 1 ? atoll(argv[1]) : 24000000;
    Ball ball = {100, 300, 7, -3, 0};
    for (long long step = 0; step < n; step++) {
        ball.x += ball.vx;
        ball.y += ball.vy;
        if (ball.x < 0 || ball.x > 640) {
            ball.vx = -ball.vx;
            ball.bounces++;
        }
        if (ball.y < 0 || ball.y > 480) {
            ball.vy = -ball.vy;
            ball.bounces++;
        }
    }
    printf("%lld %lld %lld\n", ball.x, ball.y, ball.bounces);
    return 0;
}
