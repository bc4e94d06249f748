class Account:
    __slots__ = ("balance", "history", "id")
    def __init__(self, id, balance, history): self.id = id; self.balance = balance; self.history = history
def run(n, rounds):
    accounts = [Account(i, 0, []) for i in range(n)]
    seed = 5
    for r in range(rounds):
        seed = (seed * 1103515245 + 12345) % 2147483648
        i = seed % n
        accounts[i].balance += seed % 100
        accounts[i].history.append(seed % 100)
    s = 0
    for a in accounts: s = (s * 31 + a.balance + len(a.history)) % 1000007
    return s
print(run(1000, 1000000))
