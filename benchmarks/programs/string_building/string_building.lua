-- n lines, each grown piece by piece, then joined to one text.
local function build_line(number)
  -- Growing the string itself copies it for each piece: a table is how Lua programs do this.
  local pieces = { "line " .. number .. ":" }
  for i = 0, 49 do
    pieces[#pieces + 1] = ((number * 13 + i * 7) % 9973) .. ","
  end
  return table.concat(pieces)
end

local function build_text(n)
  local lines = {}
  for number = 0, n - 1 do lines[#lines + 1] = build_line(number) end
  return table.concat(lines, "\n")
end

local n = tonumber(arg[1] or 120000)
local text = build_text(n)
print(string.format("%.0f %.0f", #text, text:find("line " .. n - 1 .. ":", 1, true) - 1))
