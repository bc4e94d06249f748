/* Reading a text character by character n times: indexing strings and comparing characters. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char LINE[] = "total = (price + 19) * count - 7; // as agreed\n";

static char *make_text(void) {
    size_t length = sizeof LINE - 1;
    char *text = malloc(length * 2000 + 1);
    for (int i = 0; i < 2000; i++)
        memcpy(text + i * length, LINE, length + 1);
    return text;
}

static long long scan(const char *text, size_t length) {
    long long numbers = 0, names = 0, others = 0;
    size_t i = 0;
    while (i < length) {
        char c = text[i++];
        if (c >= 'a' && c <= 'z') {
            names++;
            while (i < length && text[i] >= 'a' && text[i] <= 'z')
                i++;
        } else if (c >= '0' && c <= '9') {
            numbers++;
            while (i < length && text[i] >= '0' && text[i] <= '9')
                i++;
        } else if (c != ' ' && c != '\n') {
            others++;
        }
    }
    return numbers * 7 + names * 3 + others;
}

int main(int argc, char **argv) {
    long long n = argc > 1 ? atoll(argv[1]) : 200, total = 0;
    char *text = make_text();
    size_t length = strlen(text);
    for (long long round = 0; round < n; round++)
        total += scan(text, length);
    printf("%lld\n", total);
    return 0;
}
