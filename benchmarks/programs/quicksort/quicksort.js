// Quicksort of n pseudo-random integers: an array handed through recursive calls.
function numbers(n) {
  const values = [];
  let seed = 42;
  for (let i = 0; i < n; i++) {
    seed = (seed * 3877 + 29573) % 139968;
    values.push(seed);
  }
  return values;
}

function quicksort(values, low, high) {
  const pivot = values[Math.floor((low + high) / 2)];
  let i = low;
  let j = high;
  while (i <= j) {
    while (values[i] < pivot) i++;
    while (values[j] > pivot) j--;
    if (i <= j) {
      const swapped = values[i];
      values[i++] = values[j];
      values[j--] = swapped;
    }
  }
  if (low < j) quicksort(values, low, j);
  if (i < high) quicksort(values, i, high);
  return values;
}

function checksum(values) {
  let check = 0;
  for (const value of values) check = (check * 31 + value) % 1000007;
  return check;
}

const n = Number(process.argv[2] ?? 1000000);
console.log(String(checksum(quicksort(numbers(n), 0, n - 1))));
