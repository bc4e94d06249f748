class Person:
    def __init__(self, name, age, score):
        self.name = name
        self.age = age
        self.score = score
def merge_sort(xs, less):
    if len(xs) < 2: return xs
    mid = len(xs) // 2
    left = merge_sort(xs[:mid], less)
    right = merge_sort(xs[mid:], less)
    out = []
    i = j = 0
    while i < len(left) and j < len(right):
        if less(right[j], left[i]):
            out.append(right[j])
            j += 1
        else:
            out.append(left[i])
            i += 1
    return out + left[i:] + right[j:]
def by(key): return lambda a, b: key(a) < key(b)
def then(first, second):
    def less(a, b):
        if first(a, b): return True
        if first(b, a): return False
        return second(a, b)
    return less
def run(n):
    people = []
    seed = 4
    for i in range(n):
        seed = (seed * 1103515245 + 12345) % 2147483648
        people.append(Person(f"p{seed // 64 % 1000}", seed // 4096 % 60, seed // 128 % 100))
    a = merge_sort(people, by(lambda p: p.name))
    b = merge_sort(people, then(by(lambda p: p.age), by(lambda p: p.score)))
    check = 0
    for i in range(n): check = (check * 31 + a[i].age + b[i].score * 7) % 1000003
    return f"{check} {a[0].name} {b[n - 1].age}"
print(run(50000))
