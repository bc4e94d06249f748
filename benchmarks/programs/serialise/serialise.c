/* Nested arrays, dicts, numbers and texts are written as one text, recursively. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum { INT, TEXT, ARRAY, DICT } Kind;

typedef struct Item {
    Kind kind;
    long long number;
    const char *text;
    size_t count;
    const char **keys;
    struct Item *items;
} Item;

typedef struct {
    char *data;
    size_t size, capacity;
} Text;

static void append(Text *text, const char *part) {
    size_t size = strlen(part);
    if (text->size + size + 1 > text->capacity) {
        text->capacity = (text->size + size + 1) * 2;
        text->data = realloc(text->data, text->capacity);
    }
    memcpy(text->data + text->size, part, size + 1);
    text->size += size;
}

static void write_item(Text *text, const Item *item) {
    char number[24];
    switch (item->kind) {
    case INT:
        snprintf(number, sizeof number, "%lld", item->number);
        append(text, number);
        return;
    case TEXT:
        append(text, "\"");
        append(text, item->text);
        append(text, "\"");
        return;
    default:
        append(text, item->kind == ARRAY ? "[" : "{");
        for (size_t i = 0; i < item->count; i++) {
            if (i)
                append(text, ",");
            if (item->kind == DICT) {
                append(text, "\"");
                append(text, item->keys[i]);
                append(text, "\":");
            }
            write_item(text, &item->items[i]);
        }
        append(text, item->kind == ARRAY ? "]" : "}");
    }
}

static Item *items(size_t count) { return malloc(count * sizeof(Item)); }

static Item record(long long i) {
    static const char *keys[] = {"id", "name", "tags", "sizes", "next"};
    char *name = malloc(32);
    snprintf(name, 32, "item %lld", i);
    Item *tags = items(3), *sizes = items(3), *next = items(1), *all = items(5);
    for (int k = 0; k < 3; k++) {
        static const char *names[] = {"a", "b", "c"};
        tags[k] = (Item){TEXT, 0, names[k], 0, NULL, NULL};
        sizes[k] = (Item){INT, i * (k + 1), NULL, 0, NULL, NULL};
    }
    next[0] = (Item){INT, i + 1, NULL, 0, NULL, NULL};
    all[0] = (Item){INT, i, NULL, 0, NULL, NULL};
    all[1] = (Item){TEXT, 0, name, 0, NULL, NULL};
    all[2] = (Item){ARRAY, 0, NULL, 3, NULL, tags};
    all[3] = (Item){ARRAY, 0, NULL, 3, NULL, sizes};
    all[4] = (Item){DICT, 0, NULL, 1, keys, next};
    return (Item){DICT, 0, NULL, 5, keys, all};
}

static void release(Item *record) {
    free((char *)record->items[1].text);
    free(record->items[2].items);
    free(record->items[3].items);
    free(record->items[4].items);
    free(record->items);
}

int main(int argc, char **argv) {
    long long n = argc > 1 ? atoll(argv[1]) : 200000, check = 0;
    for (long long i = 0; i < n; i++) {
        Item pair[2] = {record(i), record(i + 1)};
        Item both = {ARRAY, 0, NULL, 2, NULL, pair};
        Text text = {NULL, 0, 0};
        write_item(&text, &both);
        check = (check * 31 + (long long)text.size) % 1000000007;
        free(text.data);
        release(&pair[0]);
        release(&pair[1]);
    }
    printf("%lld\n", check);
    return 0;
}
