// n guarded calls of which every third raises two calls further down.
function parse(i) {
  if (i % 3 === 0) throw new Error("not a number");
  return i % 10;
}

function checked(i) {
  return parse(i) + 1;
}

function run(n) {
  let total = 0;
  let failures = 0;
  for (let i = 0; i < n; i++) {
    try {
      total += checked(i);
    } catch (error) {
      failures += error.message.length;
    }
  }
  return `${total} ${failures}`;
}

console.log(run(Number(process.argv[2] ?? 6000000)));
