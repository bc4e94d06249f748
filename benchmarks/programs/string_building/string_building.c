/* n lines, each grown piece by piece, then joined to one text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    char *bytes;
    size_t length, capacity;
} Text;

static void append(Text *text, const char *piece, size_t length) {
    if (text->length + length + 1 > text->capacity) {
        text->capacity = (text->length + length + 1) * 2;
        text->bytes = realloc(text->bytes, text->capacity);
    }
    memcpy(text->bytes + text->length, piece, length + 1);
    text->length += length;
}

static Text build_line(long long number) {
    Text line = {NULL, 0, 0};
    char piece[40];
    append(&line, piece, sprintf(piece, "line %lld:", number));
    for (int i = 0; i < 50; i++)
        append(&line, piece, sprintf(piece, "%lld,", (number * 13 + i * 7) % 9973));
    return line;
}

static Text build_text(long long n) {
    Text *lines = malloc(n * sizeof *lines);
    for (long long number = 0; number < n; number++)
        lines[number] = build_line(number);
    Text text = {NULL, 0, 0};
    for (long long number = 0; number < n; number++) {
        if (number > 0)
            append(&text, "\n", 1);
        append(&text, lines[number].bytes, lines[number].length);
        free(lines[number].bytes);
    }
    free(lines);
    return text;
}

int main(int argc, char **argv) {
    long long n = argc > 1 ? atoll(argv[1]) : 120000;
    char wanted[40];
    Text text = build_text(n);
    sprintf(wanted, "line %lld:", n - 1);
    printf("%zu %lld\n", text.length, (long long)(strstr(text.bytes, wanted) - text.bytes));
    return 0;
}
