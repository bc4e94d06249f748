// Three nested counting loops around a little integer arithmetic.
function count(n) {
  let total = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++) {
        total += (i * j + k) % 7;
      }
    }
  }
  return total;
}

console.log(String(count(Number(process.argv[2] ?? 320))));
