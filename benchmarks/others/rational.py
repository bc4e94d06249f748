def gcd(a, b):
    while b != 0:
        a, b = b, a % b
    return a
class Rat:
    def __init__(self, n, d):
        g = gcd(n, d)
        self.num = n // g
        self.den = d // g
    def __add__(self, o): return Rat(self.num * o.den + o.num * self.den, self.den * o.den)
    def __mul__(self, o): return Rat(self.num * o.num, self.den * o.den)
    def __lt__(self, o): return self.num * o.den < o.num * self.den
    def __eq__(self, o): return self.num == o.num and self.den == o.den
def run(n):
    one = Rat(1, 1)
    total = Rat(0, 1)
    wraps = 0
    same = 0
    for i in range(n):
        term = Rat(i % 7 + 1, i % 12 + 1) * Rat(1, 3)
        total = total + term
        if term == one: same += 1
        if one < total:
            total = Rat(total.num % total.den, total.den)
            wraps += 1
    return f"{total.num}/{total.den} {wraps} {same}"
print(run(200000))
