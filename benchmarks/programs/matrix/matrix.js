// The product of two n by n matrices held as arrays of arrays.
function filled(n, factor) {
  const rows = [];
  for (let i = 0; i < n; i++) {
    const row = [];
    for (let j = 0; j < n; j++) row.push((i * factor + j) % 10);
    rows.push(row);
  }
  return rows;
}

function product(a, b, n) {
  const result = filled(n, 0);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let total = 0;
      for (let k = 0; k < n; k++) total += a[i][k] * b[k][j];
      result[i][j] = total;
    }
  }
  return result;
}

function checksum(rows) {
  let check = 0;
  for (const row of rows) {
    for (const value of row) check = (check * 31 + value) % 1000007;
  }
  return check;
}

const n = Number(process.argv[2] ?? 320);
console.log(String(checksum(product(filled(n, 3), filled(n, 7), n))));
