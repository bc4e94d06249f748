/* Counting n pseudo-random integers in an open-addressing hash table with integer keys. */
#include <stdio.h>
#include <stdlib.h>

typedef struct {
    long long key, value;
} Entry;

typedef struct {
    Entry *entries; /* value 0 marks a free entry */
    long long capacity, used;
} Table;

static Entry *find(Entry *entries, long long capacity, long long key) {
    unsigned long long slot = (unsigned long long)key * 0x9E3779B97F4A7C15ULL >> 20;
    for (;; slot++) {
        Entry *entry = &entries[slot & (capacity - 1)];
        if (entry->value == 0 || entry->key == key)
            return entry;
    }
}

static void grow(Table *table) {
    long long capacity = table->capacity * 2;
    Entry *entries = calloc(capacity, sizeof *entries);
    for (long long i = 0; i < table->capacity; i++)
        if (table->entries[i].value != 0)
            *find(entries, capacity, table->entries[i].key) = table->entries[i];
    free(table->entries);
    table->entries = entries;
    table->capacity = capacity;
}

static void count(Table *table, long long key) {
    Entry *entry = find(table->entries, table->capacity, key);
    if (entry->value++ > 0)
        return;
    entry->key = key;
    if (++table->used * 2 > table->capacity)
        grow(table);
}

int main(int argc, char **argv) {
    long long n = argc > 1 ? atoll(argv[1]) : 9000000, seed = 42, check = 0;
    Table counts = {calloc(8, sizeof(Entry)), 8, 0};
    for (long long i = 0; i < n; i++) {
        seed = (seed * 3877 + 29573) % 139968;
        count(&counts, seed % 30000);
    }
    for (long long key = 0; key < 30000; key++) {
        long long value = find(counts.entries, counts.capacity, key)->value;
        if (value != 0)
            check = (check * 31 + value) % 1000007;
    }
    printf("%lld %lld\n", counts.used, check);
    return 0;
}
