class Vector:
    __slots__ = ("x", "y", "z")

    def __init__(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y, self.z + other.z)

    def __mul__(self, factor):
        return Vector(self.x * factor, self.y * factor, self.z * factor)

    def dot(self, other):
        return self.x * other.x + self.y * other.y + self.z * other.z


def run(n):
    place = Vector(1.0, 0.0, 0.0)
    velocity = Vector(0.0, 1.0, 0.25)
    for _ in range(n):
        velocity = velocity + place * -0.001
        place = place + velocity * 0.001
    return int(place.dot(place) * 1000000.0)


print(run(600000))
