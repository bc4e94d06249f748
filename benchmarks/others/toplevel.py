total = 0
i = 0
while i < 5000000:
    if i % 3 == 0 or i % 5 == 0: total += i
    i += 1
print(total)
