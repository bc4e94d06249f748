def permute(xs, k, found):
    if k == len(xs):
        code = 0
        for x in xs: code = (code * 11 + x) % 1000007
        return (found + code) % 1000007
    total = found
    for i in range(k, len(xs)):
        xs[k], xs[i] = xs[i], xs[k]
        total = permute(xs, k + 1, total)
        xs[k], xs[i] = xs[i], xs[k]
    return total
print(permute([1, 2, 3, 4, 5, 6, 7, 8, 9], 0, 0))
