-- Ways to place n queens: recursion with backtracking over a table given to each call.
local function is_free(board, row, column)
  for earlier = 0, row - 1 do
    local distance, taken = row - earlier, board[earlier]
    if taken == column or taken == column - distance or taken == column + distance then return false end
  end
  return true
end

local function place(board, row, n)
  if row == n then return 1 end
  local solutions = 0
  for column = 0, n - 1 do
    if is_free(board, row, column) then
      board[row] = column
      solutions = solutions + place(board, row + 1, n)
    end
  end
  return solutions
end

print(string.format("%.0f", place({}, 0, tonumber(arg[1] or 12))))
