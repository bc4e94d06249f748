-- Edit distance of two pseudo-random texts of n characters: rows of a table, and characters compared.
local function make_text(n, seed)
  local pieces = {}
  for i = 1, n do
    seed = (seed * 3877 + 29573) % 139968
    local place = math.floor(seed / 34992) + 1
    pieces[i] = string.sub("acgt", place, place)
  end
  return table.concat(pieces)
end

local function least(a, b, c)
  if a < b then
    if a < c then return a end
    return c
  end
  if b < c then return b end
  return c
end

local function distance(left, right)
  local previous = {}
  for j = 0, #right do previous[j] = j end
  for i = 0, #left - 1 do
    local row = { [0] = i + 1 }
    for j = 0, #right - 1 do
      local cost = 1
      if string.sub(left, i + 1, i + 1) == string.sub(right, j + 1, j + 1) then cost = 0 end
      row[j + 1] = least(previous[j + 1] + 1, row[j] + 1, previous[j] + cost)
    end
    previous = row
  end
  return previous[#right]
end

local n = tonumber(arg[1] or 3200)
print(string.format("%.0f", distance(make_text(n, 42), make_text(n, 4711))))
