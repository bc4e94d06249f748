// The largest singular value of an n by n matrix that is never stored: a small function called everywhere.
function cell(i, j) {
  return 1.0 / (((i + j) * (i + j + 1)) / 2 + i + 1);
}

function times(vector) {
  const n = vector.length;
  const result = [];
  for (let i = 0; i < n; i++) {
    let sum = 0.0;
    for (let j = 0; j < n; j++) sum += cell(i, j) * vector[j];
    result.push(sum);
  }
  return result;
}

function timesTransposed(vector) {
  const n = vector.length;
  const result = [];
  for (let i = 0; i < n; i++) {
    let sum = 0.0;
    for (let j = 0; j < n; j++) sum += cell(j, i) * vector[j];
    result.push(sum);
  }
  return result;
}

function spectralNorm(n) {
  let u = Array.from({ length: n }, () => 1.0);
  let v = u;
  for (let step = 0; step < 10; step++) {
    v = timesTransposed(times(u));
    u = timesTransposed(times(v));
  }
  let uv = 0.0;
  let vv = 0.0;
  for (let i = 0; i < n; i++) {
    uv += u[i] * v[i];
    vv += v[i] * v[i];
  }
  return Math.floor(Math.sqrt(uv / vv) * 1000000000.0);
}

console.log(String(spectralNorm(Number(process.argv[2] ?? 600))));
