// map, filter and reduce over an array n times, with functions that capture variables.
function pipeline(numbers, factor, modulus) {
  const scaled = numbers.map((x) => x * factor + 1);
  const kept = scaled.filter((x) => x % modulus === 0);
  return kept.reduce((total, x) => total + x, 0);
}

function run(rounds) {
  const numbers = Array.from({ length: 1000 }, (_, i) => i);
  let check = 0;
  for (let round = 0; round < rounds; round++) {
    check = (check * 31 + pipeline(numbers, round, 3)) % 1000007;
  }
  return check;
}

console.log(String(run(Number(process.argv[2] ?? 14000))));
