"""Method calls: one that only reads its receiver, one that hands back the changed receiver."""

from __future__ import annotations

import sys


class Account:
    __slots__ = ("balance", "deposits")

    def __init__(self) -> None:
        self.balance = 0
        self.deposits = 0

    def accepts(self, amount: int) -> bool:
        return self.balance + amount < 1000000

    def deposit(self, amount: int) -> Account:
        self.balance = self.balance + amount
        self.deposits += 1
        return self


def run(n: int) -> str:
    account = Account()
    refused = 0
    for i in range(n):
        amount = i % 1000
        if account.accepts(amount):
            account = account.deposit(amount)
        else:
            account = account.deposit(-account.balance)
            refused += 1
    return f"{account.balance} {account.deposits} {refused}"


if __name__ == "__main__":
    print(run(int(sys.argv[1]) if len(sys.argv) > 1 else 12_000_000))
