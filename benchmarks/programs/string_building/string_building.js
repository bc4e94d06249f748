// n lines, each grown piece by piece, then joined to one text.
function buildLine(number) {
  let line = `line ${number}:`;
  for (let i = 0; i < 50; i++) line = line + `${(number * 13 + i * 7) % 9973},`;
  return line;
}

function buildText(n) {
  const lines = [];
  for (let number = 0; number < n; number++) lines.push(buildLine(number));
  return lines.join("\n");
}

const n = Number(process.argv[2] ?? 120000);
const text = buildText(n);
console.log(`${text.length} ${text.indexOf(`line ${n - 1}:`)}`);
