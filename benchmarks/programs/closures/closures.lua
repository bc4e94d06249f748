-- map, filter and reduce over a table n times, with functions that capture variables.
local function map(values, change)
  local result = {}
  for i = 1, #values do result[i] = change(values[i]) end
  return result
end

local function filter(values, keep)
  local result = {}
  for i = 1, #values do
    if keep(values[i]) then result[#result + 1] = values[i] end
  end
  return result
end

local function reduce(values, total, combine)
  for i = 1, #values do total = combine(total, values[i]) end
  return total
end

local function pipeline(numbers, factor, modulus)
  local scaled = map(numbers, function(x) return x * factor + 1 end)
  local kept = filter(scaled, function(x) return x % modulus == 0 end)
  return reduce(kept, 0, function(total, x) return total + x end)
end

local numbers, check = {}, 0
for i = 0, 999 do numbers[#numbers + 1] = i end
for round = 0, tonumber(arg[1] or 14000) - 1 do
  check = (check * 31 + pipeline(numbers, round, 3)) % 1000007
end
print(string.format("%.0f", check))
