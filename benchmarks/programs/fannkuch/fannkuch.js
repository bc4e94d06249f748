// Turning prefixes of all permutations of n numbers: elements of small arrays, read and written.
function flipsOf(permutation) {
  let flips = 0;
  let first = permutation[0];
  while (first !== 0) {
    let low = 1;
    let high = first - 1;
    while (low < high) {
      const swapped = permutation[low];
      permutation[low] = permutation[high];
      permutation[high] = swapped;
      low += 1;
      high -= 1;
    }
    const next = permutation[first];
    permutation[first] = first;
    first = next;
    flips += 1;
  }
  return flips;
}

function fannkuch(n) {
  const permutation = Array.from({ length: n }, (_, i) => i);
  const counts = permutation.slice();
  let most = 0;
  let checksum = 0;
  let isEven = true;
  let level = n;
  while (true) {
    while (level > 1) {
      counts[level - 1] = level;
      level -= 1;
    }
    const flips = flipsOf(permutation.slice());
    if (flips > most) most = flips;
    checksum += isEven ? flips : -flips;
    while (true) {
      if (level === n) return `${checksum} ${most}`;
      const first = permutation[0];
      for (let i = 0; i < level; i++) permutation[i] = permutation[i + 1];
      permutation[level] = first;
      counts[level] -= 1;
      if (counts[level] > 0) break;
      level += 1;
    }
    isEven = !isEven;
  }
}

console.log(fannkuch(Number(process.argv[2] ?? 10)));
