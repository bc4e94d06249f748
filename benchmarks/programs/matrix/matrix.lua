-- The product of two n by n matrices held as tables of tables.
local function filled(n, factor)
  local rows = {}
  for i = 0, n - 1 do
    local row = {}
    for j = 0, n - 1 do row[#row + 1] = (i * factor + j) % 10 end
    rows[#rows + 1] = row
  end
  return rows
end

local function product(a, b, n)
  local result = filled(n, 0)
  for i = 1, n do
    for j = 1, n do
      local total = 0
      for k = 1, n do total = total + a[i][k] * b[k][j] end
      result[i][j] = total
    end
  end
  return result
end

local function checksum(rows)
  local check = 0
  for _, row in ipairs(rows) do
    for _, value in ipairs(row) do check = (check * 31 + value) % 1000007 end
  end
  return check
end

local n = tonumber(arg[1] or 320)
print(string.format("%.0f", checksum(product(filled(n, 3), filled(n, 7), n))))
