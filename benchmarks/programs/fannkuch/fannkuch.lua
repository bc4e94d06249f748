-- Turning prefixes of all permutations of n numbers: elements of small tables, read and written.
local function flips_of(original, n)
  local permutation = {}
  for i = 0, n - 1 do permutation[i] = original[i] end
  local flips, first = 0, permutation[0]
  while first ~= 0 do
    local low, high = 1, first - 1
    while low < high do
      permutation[low], permutation[high] = permutation[high], permutation[low]
      low, high = low + 1, high - 1
    end
    local following = permutation[first]
    permutation[first] = first
    first = following
    flips = flips + 1
  end
  return flips
end

local function fannkuch(n)
  local permutation, counts = {}, {}
  for i = 0, n - 1 do permutation[i], counts[i] = i, i end
  local most, checksum, sign, level = 0, 0, 1, n
  while true do
    while level > 1 do
      counts[level - 1] = level
      level = level - 1
    end
    local flips = flips_of(permutation, n)
    if flips > most then most = flips end
    checksum = checksum + sign * flips
    while true do
      if level == n then return string.format("%.0f %.0f", checksum, most) end
      local first = permutation[0]
      for i = 0, level - 1 do permutation[i] = permutation[i + 1] end
      permutation[level] = first
      counts[level] = counts[level] - 1
      if counts[level] > 0 then break end
      level = level + 1
    end
    sign = -sign
  end
end

print(fannkuch(tonumber(arg[1] or 10)))
