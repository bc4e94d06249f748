/* Method calls as functions on a struct, through pointers so that they stay calls. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct Account Account;

struct Account {
    long long balance, deposits;
    bool (*accepts)(const Account *, long long);
    Account *(*deposit)(Account *, long long);
};

static bool accepts(const Account *account, long long amount) {
    return account->balance + amount < 1000000;
}

static Account *deposit(Account *account, long long amount) {
    account->balance += amount;
    account->deposits++;
    return account;
}

int main(int argc, char **argv) {
    long long n = argc > 1 ? atoll(argv[1]) : 12000000, refused = 0;
    Account *account = malloc(sizeof *account);
    *account = (Account){0, 0, accepts, deposit};
    for (long long i = 0; i < n; i++) {
        long long amount = i % 1000;
        if (account->accepts(account, amount)) {
            account = account->deposit(account, amount);
        } else {
            account = account->deposit(account, -account->balance);
            refused++;
        }
    }
    printf("%lld %lld %lld\n", account->balance, account->deposits, refused);
    return 0;
}
