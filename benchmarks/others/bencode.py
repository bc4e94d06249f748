def encode(v):
    if isinstance(v, int): return f"i{v}e"
    if isinstance(v, str): return f"{len(v)}:{v}"
    if isinstance(v, list):
        out = "l"
        for x in v: out += encode(x)
        return out + "e"
    if isinstance(v, dict):
        out = "d"
        for k, x in sorted(v.items()): out += encode(k) + encode(x)
        return out + "e"
    raise ValueError(f"cannot encode {type(v)}")
def decode(s, i):
    c = s[i]
    if c == "i":
        i += 1
        sign = 1
        if s[i] == "-":
            sign = -1
            i += 1
        n = 0
        while s[i] != "e":
            n = n * 10 + int(s[i])
            i += 1
        return n * sign, i + 1
    if c == "l":
        xs = []
        i += 1
        while s[i] != "e":
            x, i = decode(s, i)
            xs.append(x)
        return xs, i + 1
    if c == "d":
        d = {}
        i += 1
        while s[i] != "e":
            k, i = decode(s, i)
            v, i = decode(s, i)
            d[k] = v
        return d, i + 1
    n = 0
    while s[i] != ":":
        n = n * 10 + int(s[i])
        i += 1
    return s[i + 1:i + 1 + n], i + 1 + n
def sample(i):
    return {"id": i, "name": f"item {i}", "tags": ["a", "bb", "ccc", i * 3], "inner": {"x": -i, "y": [i, [i + 1, [i + 2]]], "label": "deep"}, "zero": 0}
size = same = 0
for i in range(10000):
    v = sample(i)
    text = encode(v)
    size += len(text)
    back, end = decode(text, 0)
    if back == v and end == len(text): same += 1
print(size, same)
