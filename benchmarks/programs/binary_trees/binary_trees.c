/* Building and counting binary trees that are thrown away at once: malloc and free. */
#include <stdio.h>
#include <stdlib.h>

typedef struct Node Node;

struct Node {
    Node *left, *right;
};

static Node *build(int depth) {
    Node *node = malloc(sizeof *node);
    node->left = depth == 0 ? NULL : build(depth - 1);
    node->right = depth == 0 ? NULL : build(depth - 1);
    return node;
}

static long long count_nodes(const Node *node) {
    if (node->left == NULL)
        return 1;
    return 1 + count_nodes(node->left) + count_nodes(node->right);
}

static void destroy(Node *node) {
    if (node->left != NULL) {
        destroy(node->left);
        destroy(node->right);
    }
    free(node);
}

int main(int argc, char **argv) {
    int max_depth = argc > 1 ? atoi(argv[1]) : 15;
    Node *kept = build(max_depth);
    long long total = 0, trees = 16;
    for (int depth = max_depth; depth >= 4; depth -= 2) {
        for (long long i = 0; i < trees; i++) {
            Node *tree = build(depth);
            total += count_nodes(tree);
            destroy(tree);
        }
        trees *= 4;
    }
    printf("%lld %lld\n", total, count_nodes(kept));
    destroy(kept);
    return 0;
}
