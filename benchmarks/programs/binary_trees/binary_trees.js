// Building and counting binary trees that are thrown away at once: allocation and collection.
class Node {
  constructor(left, right) {
    this.left = left;
    this.right = right;
  }
}

function build(depth) {
  if (depth === 0) return new Node(null, null);
  return new Node(build(depth - 1), build(depth - 1));
}

function countNodes(node) {
  if (node.left === null) return 1;
  return 1 + countNodes(node.left) + countNodes(node.right);
}

function run(maxDepth) {
  const kept = build(maxDepth);
  let total = 0;
  let trees = 16;
  for (let depth = maxDepth; depth >= 4; depth -= 2) {
    for (let i = 0; i < trees; i++) total += countNodes(build(depth));
    trees *= 4;
  }
  return `${total} ${countNodes(kept)}`;
}

console.log(run(Number(process.argv[2] ?? 15)));
