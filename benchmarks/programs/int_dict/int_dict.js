// Counting n pseudo-random integers in a map with integer keys.
function countNumbers(n) {
  const counts = new Map();
  let seed = 42;
  for (let i = 0; i < n; i++) {
    seed = (seed * 3877 + 29573) % 139968;
    const key = seed % 30000;
    if (counts.has(key)) {
      counts.set(key, counts.get(key) + 1);
    } else {
      counts.set(key, 1);
    }
  }
  let check = 0;
  for (let key = 0; key < 30000; key++) {
    if (counts.has(key)) check = (check * 31 + counts.get(key)) % 1000007;
  }
  return `${counts.size} ${check}`;
}

console.log(countNumbers(Number(process.argv[2] ?? 9000000)));
