"""Particles in an array move for n steps; their fields are assigned in place."""

import math
import sys


class Particle:
    def __init__(self, x: float, y: float, vx: float, vy: float) -> None:
        self.x = x
        self.y = y
        self.vx = vx
        self.vy = vy


def run(steps: int) -> int:
    particles = [Particle(i * 0.5, i * 0.25, 1.0 + i * 0.001, 0.5 - i * 0.002) for i in range(1000)]
    for _ in range(steps):
        for i in range(1000):
            particles[i].x += particles[i].vx * 0.01
            particles[i].y += particles[i].vy * 0.01
            if particles[i].x > 500.0:
                particles[i].vx = -particles[i].vx
            if particles[i].y < 0.0:
                particles[i].vy = -particles[i].vy
    total = 0.0
    for p in particles:
        total += p.x + p.y
    return math.floor(total * 1000.0)


if __name__ == "__main__":
    print(run(int(sys.argv[1]) if len(sys.argv) > 1 else 12000))
