// Ways to place n queens: recursion with backtracking over an array given to each call.
function isFree(board, row, column) {
  for (let earlier = 0; earlier < row; earlier++) {
    const distance = row - earlier;
    const taken = board[earlier];
    if (taken === column || taken === column - distance || taken === column + distance) return false;
  }
  return true;
}

function place(board, row, n) {
  if (row === n) return 1;
  let solutions = 0;
  for (let column = 0; column < n; column++) {
    if (isFree(board, row, column)) {
      board[row] = column;
      solutions += place(board, row + 1, n);
    }
  }
  return solutions;
}

const n = Number(process.argv[2] ?? 12);
console.log(String(place(Array.from({ length: n }, (_, i) => i), 0, n)));
