-- The largest singular value of an n by n matrix that is never stored: a small function called everywhere.
local function cell(i, j)
  return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1)
end

local function times(vector, n)
  local result = {}
  for i = 0, n - 1 do
    local sum = 0.0
    for j = 0, n - 1 do sum = sum + cell(i, j) * vector[j] end
    result[i] = sum
  end
  return result
end

local function times_transposed(vector, n)
  local result = {}
  for i = 0, n - 1 do
    local sum = 0.0
    for j = 0, n - 1 do sum = sum + cell(j, i) * vector[j] end
    result[i] = sum
  end
  return result
end

local n = tonumber(arg[1] or 600)
local u = {}
for i = 0, n - 1 do u[i] = 1.0 end
local v = u
for _ = 1, 10 do
  v = times_transposed(times(u, n), n)
  u = times_transposed(times(v, n), n)
end
local uv, vv = 0.0, 0.0
for i = 0, n - 1 do
  uv = uv + u[i] * v[i]
  vv = vv + v[i] * v[i]
end
print(string.format("%.0f", math.floor(math.sqrt(uv / vv) * 1000000000.0)))
