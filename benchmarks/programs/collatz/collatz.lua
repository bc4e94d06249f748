-- The start below n with the longest Collatz sequence: integer while loops and branches.
local function sequence_length(start)
  local value, steps = start, 0
  while value ~= 1 do
    if value % 2 == 0 then
      value = value / 2
    else
      value = 3 * value + 1
    end
    steps = steps + 1
  end
  return steps
end

local best, best_length = 1, 0
for start = 1, tonumber(arg[1] or 200000) - 1 do
  local length = sequence_length(start)
  if length > best_length then
    best, best_length = start, length
  end
end
print(string.format("%.0f %.0f", best, best_length))
