// A pipeline of three generators: each item passes through all of them before the next one is made.
function* numbers(n) {
  for (let i = 0; i < n; i++) yield i;
}

function* squares(source) {
  for (const x of source) yield (x * x) % 1000;
}

function* odd(source) {
  for (const x of source) if (x % 2 === 1) yield x;
}

let sum = 0;
for (const x of odd(squares(numbers(Number(process.argv[2] ?? 10000000))))) sum += x;
console.log(String(sum));
