-- Counting the words of a text n times: splitting, and a table with string keys.
local function make_text()
  local pieces, seed = {}, 42
  for _ = 1, 100000 do
    seed = (seed * 3877 + 29573) % 139968
    pieces[#pieces + 1] = "word" .. string.format("%d", seed % 5000)
  end
  return table.concat(pieces, " ")
end

local counts, distinct = {}, 0

local function count_words(text)
  for word in text:gmatch("[^ ]+") do
    if counts[word] then
      counts[word] = counts[word] + 1
    else
      counts[word] = 1
      distinct = distinct + 1
    end
  end
end

local text, check = make_text(), 0
for _ = 1, tonumber(arg[1] or 100) do count_words(text) end
for word, count in pairs(counts) do check = (check + #word * count) % 1000007 end
print(string.format("%.0f %.0f %.0f", distinct, counts["word42"], check))
