// Nested arrays, dicts, numbers and texts are written as one text, recursively.
function written(value) {
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return '"' + value + '"';
  let separator = "";
  if (Array.isArray(value)) {
    let text = "[";
    for (const item of value) {
      text = text + separator + written(item);
      separator = ",";
    }
    return text + "]";
  }
  let text = "{";
  for (const [key, item] of value) {
    text = text + separator + '"' + key + '":' + written(item);
    separator = ",";
  }
  return text + "}";
}

function record(i) {
  return new Map([
    ["id", i],
    ["name", `item ${i}`],
    ["tags", ["a", "b", "c"]],
    ["sizes", [i, i * 2, i * 3]],
    ["next", new Map([["id", i + 1]])],
  ]);
}

const n = Number(process.argv[2] ?? 200000);
let check = 0;
for (let i = 0; i < n; i++) {
  const text = written([record(i), record(i + 1)]);
  check = (check * 31 + text.length) % 1000000007;
}
console.log(String(check));
