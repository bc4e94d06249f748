-- Counting n pseudo-random integers in a table with integer keys.
local counts, distinct, seed = {}, 0, 42
for _ = 1, tonumber(arg[1] or 9000000) do
  seed = (seed * 3877 + 29573) % 139968
  local key = seed % 30000
  if counts[key] then
    counts[key] = counts[key] + 1
  else
    counts[key] = 1
    distinct = distinct + 1
  end
end
local check = 0
for key = 0, 29999 do
  if counts[key] then check = (check * 31 + counts[key]) % 1000007 end
end
print(string.format("%.0f %.0f", distinct, check))
