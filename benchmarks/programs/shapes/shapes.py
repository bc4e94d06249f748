"""Four kinds of objects with methods of the same names, called in one place for n rounds."""

import sys


class Circle:
    def __init__(self, radius: float) -> None:
        self.radius = radius

    def area(self) -> float:
        return 3.0 * self.radius * self.radius

    def corners(self) -> int:
        return 0


class Square:
    def __init__(self, side: float) -> None:
        self.side = side

    def area(self) -> float:
        return self.side * self.side

    def corners(self) -> int:
        return 4


class Box:
    def __init__(self, width: float, height: float) -> None:
        self.width = width
        self.height = height

    def area(self) -> float:
        return self.width * self.height

    def corners(self) -> int:
        return 4


class Triangle:
    def __init__(self, base: float, height: float) -> None:
        self.base = base
        self.height = height

    def area(self) -> float:
        return self.base * self.height / 2.0

    def corners(self) -> int:
        return 3


Shape = Circle | Square | Box | Triangle


def make_shapes(n: int) -> list[Shape]:
    shapes: list[Shape] = []
    for i in range(n):
        size = 1.0 + i % 7
        kind = i % 4
        if kind == 0:
            shapes.append(Circle(size))
        elif kind == 1:
            shapes.append(Square(size))
        elif kind == 2:
            shapes.append(Box(size, size + 1.0))
        else:
            shapes.append(Triangle(size, size + 2.0))
    return shapes


def run(rounds: int) -> str:
    shapes = make_shapes(1000)
    area = 0.0
    corners = 0
    for _ in range(rounds):
        for shape in shapes:
            area += shape.area()
            corners += shape.corners()
    return f"{int(area)} {corners}"


if __name__ == "__main__":
    print(run(int(sys.argv[1]) if len(sys.argv) > 1 else 14000))
