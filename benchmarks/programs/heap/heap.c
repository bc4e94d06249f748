/* A binary heap in an array: n pseudo-random numbers go in, and come out in order. */
#include <stdio.h>
#include <stdlib.h>

static void sink(long long *heap, long long size) {
    long long item = heap[0], i = 0;
    for (;;) {
        long long child = 2 * i + 1;
        if (child >= size)
            break;
        if (child + 1 < size && heap[child + 1] < heap[child])
            child++;
        if (item <= heap[child])
            break;
        heap[i] = heap[child];
        i = child;
    }
    heap[i] = item;
}

static void rise(long long *heap, long long i) {
    long long item = heap[i];
    while (i > 0) {
        long long parent = (i - 1) / 2;
        if (heap[parent] <= item)
            break;
        heap[i] = heap[parent];
        i = parent;
    }
    heap[i] = item;
}

int main(int argc, char **argv) {
    long long n = argc > 1 ? atoll(argv[1]) : 500000, size = 0, capacity = 8, seed = 42, check = 0;
    long long *heap = malloc(capacity * sizeof *heap);
    for (long long i = 0; i < n; i++) {
        seed = (seed * 1103515245 + 12345) % 2147483648LL;
        if (size == capacity)
            heap = realloc(heap, (capacity *= 2) * sizeof *heap);
        heap[size++] = seed;
        rise(heap, size - 1);
    }
    while (size > 0) {
        check = (check * 31 + heap[0]) % 1000000007;
        long long last = heap[--size];
        if (size > 0) {
            heap[0] = last;
            sink(heap, size);
        }
    }
    free(heap);
    printf("%lld\n", check);
    return 0;
}
