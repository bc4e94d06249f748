// Iterations until escape, summed over an n by n grid: float arithmetic in a tight loop.
function iterations(cr, ci) {
  let zr = 0.0;
  let zi = 0.0;
  let steps = 0;
  for (; steps < 50; steps++) {
    const rr = zr * zr;
    const ii = zi * zi;
    if (rr + ii > 4.0) return steps;
    zi = 2.0 * zr * zi + ci;
    zr = rr - ii + cr;
  }
  return steps;
}

function mandelbrot(n) {
  let total = 0;
  for (let row = 0; row < n; row++) {
    const ci = (2.0 * row) / n - 1.0;
    for (let column = 0; column < n; column++) {
      total += iterations((3.0 * column) / n - 2.0, ci);
    }
  }
  return total;
}

console.log(String(mandelbrot(Number(process.argv[2] ?? 900))));
