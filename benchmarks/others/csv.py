def make(n):
    return "\n".join(";".join([str(i), f"name{i % 100}", str(i * 7 % 1000), "x,y"]) for i in range(n))
def run(text):
    totals = {}
    for line in text.split("\n"):
        fields = line.split(";")
        name = fields[1].strip()
        amount = int(fields[2])
        totals[name] = totals.get(name, 0) + amount
    s = 0
    for name in totals: s = (s * 31 + totals[name]) % 1000007
    return s
text = make(20000)
t = 0
for r in range(15): t += run(text)
print(t)
