-- Quicksort of n pseudo-random integers: a table handed through recursive calls.
local function numbers(n)
  local values, seed = {}, 42
  for _ = 1, n do
    seed = (seed * 3877 + 29573) % 139968
    values[#values + 1] = seed
  end
  return values
end

local function quicksort(values, low, high)
  -- Tables count from 1 here: the same middle as (low + high) / 2 counted from 0.
  local pivot = values[math.floor((low + high) / 2 - 1) + 1]
  local i, j = low, high
  while i <= j do
    while values[i] < pivot do i = i + 1 end
    while values[j] > pivot do j = j - 1 end
    if i <= j then
      values[i], values[j] = values[j], values[i]
      i, j = i + 1, j - 1
    end
  end
  if low < j then quicksort(values, low, j) end
  if i < high then quicksort(values, i, high) end
  return values
end

local function checksum(values)
  local check = 0
  for _, value in ipairs(values) do check = (check * 31 + value) % 1000007 end
  return check
end

local n = tonumber(arg[1] or 1000000)
print(string.format("%.0f", checksum(quicksort(numbers(n), 1, n))))
