// Counting the words of a text n times: splitting, and a map with string keys.
function makeText() {
  const pieces = [];
  let seed = 42;
  for (let i = 0; i < 100000; i++) {
    seed = (seed * 3877 + 29573) % 139968;
    pieces.push(`word${seed % 5000}`);
  }
  return pieces.join(" ");
}

function countWords(text, counts) {
  for (const word of text.split(" ")) {
    if (counts.has(word)) {
      counts.set(word, counts.get(word) + 1);
    } else {
      counts.set(word, 1);
    }
  }
}

function run(rounds) {
  const text = makeText();
  const counts = new Map();
  for (let round = 0; round < rounds; round++) countWords(text, counts);
  let check = 0;
  for (const [word, count] of counts) check = (check + word.length * count) % 1000007;
  return `${counts.size} ${counts.get("word42")} ${check}`;
}

console.log(run(Number(process.argv[2] ?? 100)));
