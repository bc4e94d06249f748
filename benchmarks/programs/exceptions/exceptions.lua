-- n guarded calls of which every third raises two calls further down.
local function parse(i)
  if i % 3 == 0 then error({ message = "not a number" }) end
  return i % 10
end

local function checked(i)
  return parse(i) + 1
end

local total, failures = 0, 0
for i = 0, tonumber(arg[1] or 6000000) - 1 do
  local succeeded, outcome = pcall(checked, i)
  if succeeded then
    total = total + outcome
  else
    failures = failures + #outcome.message
  end
end
print(string.format("%.0f %.0f", total, failures))
