def naturals(start):
    n = start
    while True:
        yield n
        n += 1
def take_while_less(source, limit):
    for x in source:
        if x >= limit: break
        yield x
def is_prime(n):
    d = 2
    while d * d <= n:
        if n % d == 0: return False
        d += 1
    return True
def primes(source):
    for x in source:
        if is_prime(x): yield x
t = 0
for p in primes(take_while_less(naturals(2), 150000)): t += p
print(t)
