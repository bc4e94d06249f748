/* A search tree that is never changed: each insertion makes the nodes on its path anew. */
#include <stdio.h>
#include <stdlib.h>

typedef struct Tree {
    long long key, value;
    const struct Tree *left, *right;
} Tree;

static const Tree *new_tree(long long key, long long value, const Tree *left, const Tree *right) {
    Tree *tree = malloc(sizeof *tree);
    *tree = (Tree){key, value, left, right};
    return tree;
}

static const Tree *inserted(const Tree *tree, long long key, long long value) {
    if (!tree)
        return new_tree(key, value, NULL, NULL);
    if (key == tree->key)
        return new_tree(key, value, tree->left, tree->right);
    if (key < tree->key)
        return new_tree(tree->key, tree->value, inserted(tree->left, key, value), tree->right);
    return new_tree(tree->key, tree->value, tree->left, inserted(tree->right, key, value));
}

static long long get(const Tree *tree, long long key) {
    if (!tree)
        return 0;
    if (key == tree->key)
        return tree->value;
    return get(key < tree->key ? tree->left : tree->right, key);
}

int main(int argc, char **argv) {
    long long n = argc > 1 ? atoll(argv[1]) : 160000, seed = 42, check = 0;
    const Tree *tree = NULL;
    for (long long i = 0; i < n; i++) {
        seed = (seed * 1103515245 + 12345) % 2147483648LL;
        tree = inserted(tree, seed % 100003, i);
    }
    for (long long key = 0; key < 100003; key++)
        check = (check * 31 + get(tree, key)) % 1000000007;
    printf("%lld\n", check);
    return 0;
}
