// Method calls: one that only reads its receiver, one that hands back the changed receiver.
class Account {
  balance = 0;
  deposits = 0;

  accepts(amount) {
    return this.balance + amount < 1000000;
  }

  deposit(amount) {
    this.balance = this.balance + amount;
    this.deposits += 1;
    return this;
  }
}

function run(n) {
  let account = new Account();
  let refused = 0;
  for (let i = 0; i < n; i++) {
    const amount = i % 1000;
    if (account.accepts(amount)) {
      account = account.deposit(amount);
    } else {
      account = account.deposit(-account.balance);
      refused++;
    }
  }
  return `${account.balance} ${account.deposits} ${refused}`;
}

console.log(run(Number(process.argv[2] ?? 12000000)));
