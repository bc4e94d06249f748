/* Counting the words of a text n times: splitting, and a hash table with string keys. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS = 100000, CAPACITY = 16384 };

typedef struct {
    char *word; /* NULL marks a free entry */
    size_t length;
    long long count;
} Entry;

static Entry entries[CAPACITY];
static long long used;

static Entry *find(const char *word, size_t length) {
    unsigned long long slot = 14695981039346656037ULL;
    for (size_t i = 0; i < length; i++)
        slot = (slot ^ (unsigned char)word[i]) * 1099511628211ULL;
    for (;; slot++) {
        Entry *entry = &entries[slot % CAPACITY];
        if (entry->word == NULL)
            return entry;
        if (entry->length == length && memcmp(entry->word, word, length) == 0)
            return entry;
    }
}

static void count_word(const char *word, size_t length) {
    Entry *entry = find(word, length);
    if (entry->word == NULL) {
        entry->word = malloc(length);
        memcpy(entry->word, word, length);
        entry->length = length;
        used++;
    }
    entry->count++;
}

static void count_words(const char *text) {
    for (;;) {
        const char *space = strchr(text, ' ');
        if (space == NULL)
            break;
        count_word(text, space - text);
        text = space + 1;
    }
    count_word(text, strlen(text));
}

static char *make_text(void) {
    char *text = malloc(WORDS * 12), *end = text;
    long long seed = 42;
    for (int i = 0; i < WORDS; i++) {
        seed = (seed * 3877 + 29573) % 139968;
        end += sprintf(end, i == 0 ? "word%lld" : " word%lld", seed % 5000);
    }
    return text;
}

int main(int argc, char **argv) {
    long long n = argc > 1 ? atoll(argv[1]) : 100, check = 0;
    char *text = make_text();
    for (long long round = 0; round < n; round++)
        count_words(text);
    for (int i = 0; i < CAPACITY; i++)
        check = (check + (long long)entries[i].length * entries[i].count) % 1000007;
    printf("%lld %lld %lld\n", used, find("word42", 6)->count, check);
    return 0;
}
