"""A ball in a box: reading and writing the fields of one object in a loop."""

import sys


class Ball:
    __slots__ = ("bounces", "vx", "vy", "x", "y")

    def __init__(self, x: int, y: int, vx: int, vy: int) -> None:
        self.x = x
        self.y = y
        self.vx = vx
        self.vy = vy
        self.bounces = 0


def simulate(steps: int) -> str:
    ball = Ball(100, 300, 7, -3)
    for _ in range(steps):
        ball.x = ball.x + ball.vx
        ball.y = ball.y + ball.vy
        if ball.x < 0 or ball.x > 640:
            ball.vx = -ball.vx
            ball.bounces += 1
        if ball.y < 0 or ball.y > 480:
            ball.vy = -ball.vy
            ball.bounces += 1
    return f"{ball.x} {ball.y} {ball.bounces}"


if __name__ == "__main__":
    print(simulate(int(sys.argv[1]) if len(sys.argv) > 1 else 24_000_000))
