class Insufficient(Exception):
    def __init__(self, need):
        self.need = need
    def __str__(self): return "insufficient funds"
class Money:
    def __init__(self, cents, currency):
        self.cents = cents
        self.currency = currency
    def __add__(self, o):
        if self.currency != o.currency: raise ValueError(f"currency mismatch: {self.currency} vs {o.currency}")
        return Money(self.cents + o.cents, self.currency)
    def __sub__(self, o):
        if self.currency != o.currency: raise ValueError(f"currency mismatch: {self.currency} vs {o.currency}")
        if o.cents > self.cents: raise Insufficient(o.cents - self.cents)
        return Money(self.cents - o.cents, self.currency)
    def __ge__(self, o): return self.cents >= o.cents
class Ledger:
    def __init__(self):
        self.accounts = {}
        self.failed = {}
    def transfer(self, from_id, to_id, amount):
        a = self.accounts[from_id]
        b = self.accounts[to_id]
        try:
            left = a - amount
            right = b + amount
            self.accounts[from_id] = left
            self.accounts[to_id] = right
        except Exception as e:
            m = str(e)
            self.failed[m] = self.failed.get(m, 0) + 1
def run(n):
    ledger = Ledger()
    for i in range(50):
        ledger.accounts[f"acc{i}"] = Money(10000, "USD" if i % 10 == 9 else "EUR")
    seed = 99
    for i in range(n):
        seed = (seed * 1103515245 + 12345) % 2147483648
        ledger.transfer(f"acc{seed // 128 % 50}", f"acc{seed // 8192 % 50}", Money(seed % 3000, "EUR"))
    total = sum(a.cents for a in ledger.accounts.values())
    failed = "{" + ", ".join(f'"{k}": {v}' for k, v in sorted(ledger.failed.items())) + "}"
    return f"{total} {failed}"
print(run(500000))
