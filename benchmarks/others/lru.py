class Cache:
    def __init__(self, limit): self.limit = limit; self.clock = 0; self.values = {}; self.used = {}; self.hits = 0
    def get(self, key):
        self.clock += 1
        if key in self.values:
            self.hits += 1
            self.used[key] = self.clock
            return self.values[key]
        if len(self.values) >= self.limit:
            oldest = ""; least = self.clock
            for name in sorted(self.used):
                if self.used[name] < least:
                    least = self.used[name]; oldest = name
            del self.values[oldest]
            del self.used[oldest]
        self.values[key] = len(key)
        self.used[key] = self.clock
        return self.values[key]
def run(n):
    cache = Cache(20)
    seed = 5; total = 0
    for i in range(n):
        seed = (seed * 1103515245 + 12345) % 2147483648
        total += cache.get(f"key{seed // 65536 % 25}")
    return total * 100000 + cache.hits
print(run(200000))
