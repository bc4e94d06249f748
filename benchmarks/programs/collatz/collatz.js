// The start below n with the longest Collatz sequence: integer while loops and branches.
function sequenceLength(start) {
  let value = start;
  let steps = 0;
  while (value !== 1) {
    value = value % 2 === 0 ? value / 2 : 3 * value + 1;
    steps++;
  }
  return steps;
}

function longest(n) {
  let best = 1;
  let bestLength = 0;
  for (let start = 1; start < n; start++) {
    const length = sequenceLength(start);
    if (length > bestLength) {
      best = start;
      bestLength = length;
    }
  }
  return `${best} ${bestLength}`;
}

console.log(longest(Number(process.argv[2] ?? 200000)));
