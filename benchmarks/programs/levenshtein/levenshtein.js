// Edit distance of two pseudo-random texts of n characters: rows of a table, and characters compared.
function makeText(n, seed) {
  let text = "";
  for (let i = 0; i < n; i++) {
    seed = (seed * 3877 + 29573) % 139968;
    text = text + "acgt"[Math.floor(seed / 34992)];
  }
  return text;
}

function least(a, b, c) {
  if (a < b) return a < c ? a : c;
  return b < c ? b : c;
}

function distance(left, right) {
  let previous = Array.from({ length: right.length + 1 }, (_, j) => j);
  for (let i = 0; i < left.length; i++) {
    const row = [i + 1];
    for (let j = 0; j < right.length; j++) {
      let cost = 1;
      if (left[i] === right[j]) cost = 0;
      row.push(least(previous[j + 1] + 1, row[j] + 1, previous[j] + cost));
    }
    previous = row;
  }
  return previous[right.length];
}

const n = Number(process.argv[2] ?? 3200);
console.log(String(distance(makeText(n, 42), makeText(n, 4711))));
