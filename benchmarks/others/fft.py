import math


def fft(re, im, n):
    j = 0
    for i in range(1, n):
        bit = n // 2
        while j & bit != 0:
            j ^= bit
            bit //= 2
        j ^= bit
        if i < j:
            re[i], re[j] = re[j], re[i]
            im[i], im[j] = im[j], im[i]
    size = 2
    while size <= n:
        angle = -2.0 * math.pi / size
        wr = math.cos(angle)
        wi = math.sin(angle)
        start = 0
        while start < n:
            cr = 1.0
            ci = 0.0
            for k in range(size // 2):
                a = start + k
                b = a + size // 2
                xr = re[b] * cr - im[b] * ci
                xi = re[b] * ci + im[b] * cr
                re[b] = re[a] - xr
                im[b] = im[a] - xi
                re[a] = re[a] + xr
                im[a] = im[a] + xi
                nr = cr * wr - ci * wi
                ci = cr * wi + ci * wr
                cr = nr
            start += size
        size *= 2
    return re, im
re = []; im = []
for i in range(131072):
    re.append(i % 17 + 0.5); im.append(0.0)
result = fft(re, im, 131072)
s = 0.0
for x in result[0]: s += abs(x)
print(round(s))
