M=(1<<64)-1
def run(n):
    x = 88172645463325252
    s = 0
    for i in range(n):
        x ^= (x << 13) & M
        x ^= x >> 7
        x ^= (x << 17) & M
        s = (s + (x & 1023)) % 1000003
    return s
print(run(3000000))
