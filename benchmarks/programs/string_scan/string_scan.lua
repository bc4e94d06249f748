-- Reading a text character by character n times: cutting out characters and comparing them.
local sub = string.sub

local function within(text, i, low, high)
  local c = sub(text, i, i)
  return c >= low and c <= high
end

local function scan(text)
  local numbers, names, others, i, length = 0, 0, 0, 1, #text
  while i <= length do
    local c = sub(text, i, i)
    i = i + 1
    if c >= "a" and c <= "z" then
      names = names + 1
      while i <= length and within(text, i, "a", "z") do i = i + 1 end
    elseif c >= "0" and c <= "9" then
      numbers = numbers + 1
      while i <= length and within(text, i, "0", "9") do i = i + 1 end
    elseif c ~= " " and c ~= "\n" then
      others = others + 1
    end
  end
  return numbers * 7 + names * 3 + others
end

local text = ("total = (price + 19) * count - 7; // as agreed\n"):rep(2000)
local total = 0
for _ = 1, tonumber(arg[1] or 200) do total = total + scan(text) end
print(string.format("%.0f", total))
