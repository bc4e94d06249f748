class Cons:
    def __init__(self, head, tail):
        self.head = head
        self.tail = tail
def from_range(n):
    lst = None
    i = n
    while i > 0:
        i -= 1
        lst = Cons(i, lst)
    return lst
def reverse_list(lst):
    out = None
    while lst is not None:
        out = Cons(lst.head, out)
        lst = lst.tail
    return out
def map_list(lst, f):
    out = None
    while lst is not None:
        out = Cons(f(lst.head), out)
        lst = lst.tail
    return reverse_list(out)
def filter_list(lst, f):
    out = None
    while lst is not None:
        if f(lst.head): out = Cons(lst.head, out)
        lst = lst.tail
    return reverse_list(out)
def fold(lst, start, f):
    acc = start
    while lst is not None:
        acc = f(acc, lst.head)
        lst = lst.tail
    return acc
total = 0
for r in range(150):
    xs = from_range(3000)
    ys = map_list(xs, lambda x: x * 3 + r)
    zs = filter_list(ys, lambda x: x % 2 == 0)
    total = (total + fold(zs, 0, lambda a, x: (a * 7 + x) % 1000003)) % 1000003
print(total)
