// Primes below n by the sieve of Eratosthenes: appending to an array, then writing elements.
function countPrimes(n) {
  const composite = [];
  for (let i = 0; i < n; i++) composite.push(false);
  let count = 0;
  for (let i = 2; i < n; i++) {
    if (composite[i]) continue;
    count++;
    for (let multiple = i * i; multiple < n; multiple += i) composite[multiple] = true;
  }
  return count;
}

console.log(String(countPrimes(Number(process.argv[2] ?? 14000000))));
