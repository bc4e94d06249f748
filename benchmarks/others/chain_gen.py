def numbers(n):
    i = 0
    while i < n:
        yield i
        i += 1
def squares(source):
    for x in source: yield x * x % 1009
def odd(source):
    for x in source:
        if x % 2 == 1: yield x
total = 0
for x in odd(squares(numbers(1000000))): total += x
print(total)
