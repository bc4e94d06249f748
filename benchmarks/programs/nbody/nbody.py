"""Planets pulling at each other: float fields of objects in a list, written in place."""

import sys
from math import floor, pi, sqrt


class Body:
    __slots__ = ("mass", "vx", "vy", "vz", "x", "y", "z")

    def __init__(self, position: list[float], velocity: list[float], mass: float) -> None:
        self.x, self.y, self.z = position
        self.vx, self.vy, self.vz = (part * 365.24 for part in velocity)
        self.mass = mass * (4.0 * pi * pi)


def planets() -> list[Body]:
    return [
        Body([0.0, 0.0, 0.0], [0.0, 0.0, 0.0], 1.0),
        Body(
            [4.84143144246472090, -1.16032004402742839, -0.103622044471123109],
            [0.00166007664274403694, 0.00769901118419740425, -0.0000690460016972063023],
            0.000954791938424326609,
        ),
        Body(
            [8.34336671824457987, 4.12479856412430479, -0.403523417114321381],
            [-0.00276742510726411029, 0.00499852801234917238, 0.0000230417297573763929],
            0.000285885980666130812,
        ),
        Body(
            [12.8943695621391310, -15.1111514016986312, -0.223307578892655734],
            [0.00296460137564761618, 0.00237847173959480950, -0.0000296589568540237556],
            0.0000436624404335156298,
        ),
        Body(
            [15.3796971148509165, -25.9193146099879641, 0.179258772950371181],
            [0.00268067772490389322, 0.00162824170038242295, -0.0000951592254519715870],
            0.0000515138902046611451,
        ),
    ]


def advance(bodies: list[Body], dt: float) -> None:
    count = len(bodies)
    for i in range(count):
        this = bodies[i]
        for j in range(i + 1, count):
            other = bodies[j]
            dx = this.x - other.x
            dy = this.y - other.y
            dz = this.z - other.z
            squared = dx * dx + dy * dy + dz * dz
            pull = dt / (squared * sqrt(squared))
            from_other = other.mass * pull
            from_this = this.mass * pull
            this.vx -= dx * from_other
            this.vy -= dy * from_other
            this.vz -= dz * from_other
            other.vx += dx * from_this
            other.vy += dy * from_this
            other.vz += dz * from_this
    for body in bodies:
        body.x += dt * body.vx
        body.y += dt * body.vy
        body.z += dt * body.vz


def energy(bodies: list[Body]) -> float:
    total = 0.0
    for i in range(len(bodies)):
        body = bodies[i]
        total += 0.5 * body.mass * (body.vx * body.vx + body.vy * body.vy + body.vz * body.vz)
        for j in range(i + 1, len(bodies)):
            other = bodies[j]
            dx = body.x - other.x
            dy = body.y - other.y
            dz = body.z - other.z
            total -= body.mass * other.mass / sqrt(dx * dx + dy * dy + dz * dz)
    return total


def simulate(steps: int) -> int:
    bodies = planets()
    for _ in range(steps):
        advance(bodies, 0.01)
    return floor(energy(bodies) * 1000000000000.0)


if __name__ == "__main__":
    print(simulate(int(sys.argv[1]) if len(sys.argv) > 1 else 400_000))
