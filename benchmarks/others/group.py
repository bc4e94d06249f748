class Person:
    __slots__ = ("age", "city", "name")
    def __init__(self, name, age, city): self.name = name; self.age = age; self.city = city
def run(n):
    people = []
    for i in range(n): people.append(Person(f"p{i}", i * 7 % 80, f"c{i % 20}"))
    groups = {}
    for p in people:
        if p.city not in groups: groups[p.city] = []
        groups[p.city].append(p)
    s = 0
    for city in groups:
        adults = list(filter(lambda p: p.age >= 18, groups[city]))
        ages = list(map(lambda p: p.age, adults))
        s = (s * 31 + sum(ages) + len(adults)) % 1000007
    return s
t = 0
for r in range(20): t += run(10000)
print(t)
