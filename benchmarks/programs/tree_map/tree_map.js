// A search tree that is never changed: each insertion makes the nodes on its path anew.
class Tree {
  constructor(key, value, left, right) {
    this.key = key;
    this.value = value;
    this.left = left;
    this.right = right;
  }

  with(key, value) {
    if (key === this.key) return new Tree(key, value, this.left, this.right);
    if (key < this.key) return new Tree(this.key, this.value, inserted(this.left, key, value), this.right);
    return new Tree(this.key, this.value, this.left, inserted(this.right, key, value));
  }

  get(key) {
    if (key === this.key) return this.value;
    const next = key < this.key ? this.left : this.right;
    return next === null ? 0 : next.get(key);
  }
}

function inserted(tree, key, value) {
  return tree === null ? new Tree(key, value, null, null) : tree.with(key, value);
}

// (seed * 1103515245 + 12345) modulo 2^31 without leaving the exact integers.
function next(seed) {
  return (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
}

const n = Number(process.argv[2] ?? 160000);
let tree = null;
let seed = 42;
for (let i = 0; i < n; i++) {
  seed = next(seed);
  tree = inserted(tree, seed % 100003, i);
}
let check = 0;
for (let key = 0; key < 100003; key++) check = (check * 31 + tree.get(key)) % 1000000007;
console.log(String(check));
