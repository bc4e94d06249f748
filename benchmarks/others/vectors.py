import math


class Vec:
    __slots__ = ("x", "y", "z")
    def __init__(self, x, y, z): self.x = x; self.y = y; self.z = z
    def __add__(self, o): return Vec(self.x + o.x, self.y + o.y, self.z + o.z)
    def __sub__(self, o): return Vec(self.x - o.x, self.y - o.y, self.z - o.z)
    def __mul__(self, k): return Vec(self.x * k, self.y * k, self.z * k)
    def dot(self, o): return self.x * o.x + self.y * o.y + self.z * o.z
def run(n):
    p = Vec(0.0, 0.0, 0.0)
    v = Vec(1.0, 0.5, 0.25)
    g = Vec(0.0, -0.001, 0.0005)
    for i in range(n):
        v = v + g * 0.5
        p = p + v * 0.01
        if p.dot(p) > 100.0: p = p * 0.5 - v
    return p.dot(v)
print(int(math.floor(run(2000000))))
