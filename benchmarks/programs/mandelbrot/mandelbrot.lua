-- Iterations until escape, summed over an n by n grid: float arithmetic in a tight loop.
local function iterations(cr, ci)
  local zr, zi, steps = 0.0, 0.0, 0
  while steps < 50 do
    local rr, ii = zr * zr, zi * zi
    if rr + ii > 4.0 then return steps end
    zi = 2.0 * zr * zi + ci
    zr = rr - ii + cr
    steps = steps + 1
  end
  return steps
end

local n, total = tonumber(arg[1] or 900), 0
for row = 0, n - 1 do
  local ci = 2.0 * row / n - 1.0
  for column = 0, n - 1 do
    total = total + iterations(3.0 * column / n - 2.0, ci)
  end
end
print(string.format("%.0f", total))
