// Reading a text character by character n times: indexing strings and comparing characters.
function makeText() {
  return "total = (price + 19) * count - 7; // as agreed\n".repeat(2000);
}

function scan(text) {
  let numbers = 0;
  let names = 0;
  let others = 0;
  let i = 0;
  const length = text.length;
  while (i < length) {
    const c = text[i++];
    if (c >= "a" && c <= "z") {
      names++;
      while (i < length && text[i] >= "a" && text[i] <= "z") i++;
    } else if (c >= "0" && c <= "9") {
      numbers++;
      while (i < length && text[i] >= "0" && text[i] <= "9") i++;
    } else if (c !== " " && c !== "\n") {
      others++;
    }
  }
  return numbers * 7 + names * 3 + others;
}

function run(rounds) {
  const text = makeText();
  let total = 0;
  for (let round = 0; round < rounds; round++) total += scan(text);
  return total;
}

console.log(String(run(Number(process.argv[2] ?? 200))));
