// A binary heap in an array: n pseudo-random numbers go in, and come out in order.
function sink(heap, start) {
  const item = heap[start];
  let i = start;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && heap[child + 1] < heap[child]) child += 1;
    if (item <= heap[child]) break;
    heap[i] = heap[child];
    i = child;
  }
  heap[i] = item;
}

function rise(heap, start) {
  const item = heap[start];
  let i = start;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (heap[parent] <= item) break;
    heap[i] = heap[parent];
    i = parent;
  }
  heap[i] = item;
}

// (seed * 1103515245 + 12345) modulo 2^31 without leaving the exact integers.
function next(seed) {
  return (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
}

const n = Number(process.argv[2] ?? 500000);
const heap = [];
let seed = 42;
for (let i = 0; i < n; i++) {
  seed = next(seed);
  heap.push(seed);
  rise(heap, heap.length - 1);
}
let check = 0;
while (heap.length > 0) {
  check = (check * 31 + heap[0]) % 1000000007;
  const last = heap.pop();
  if (heap.length > 0) {
    heap[0] = last;
    sink(heap, 0);
  }
}
console.log(String(check));
