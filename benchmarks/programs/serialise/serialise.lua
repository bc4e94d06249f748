-- Nested arrays, dicts, numbers and texts are written as one text, recursively.
local function written(value)
  local kind = type(value)
  if kind == "number" then return string.format("%d", value) end
  if kind == "string" then return '"' .. value .. '"' end
  local separator = ""
  if value.keys == nil then
    local text = "["
    for i = 1, #value do
      text = text .. separator .. written(value[i])
      separator = ","
    end
    return text .. "]"
  end
  local text = "{"
  for i = 1, #value.keys do
    local key = value.keys[i]
    text = text .. separator .. '"' .. key .. '":' .. written(value.items[key])
    separator = ","
  end
  return text .. "}"
end

-- A dict remembers the order of its keys.
local function record(i)
  return {
    keys = { "id", "name", "tags", "sizes", "next" },
    items = {
      id = i,
      name = "item " .. string.format("%d", i),
      tags = { "a", "b", "c" },
      sizes = { i, i * 2, i * 3 },
      next = { keys = { "id" }, items = { id = i + 1 } },
    },
  }
end

local check = 0
for i = 0, tonumber(arg[1] or 200000) - 1 do
  local text = written({ record(i), record(i + 1) })
  check = (check * 31 + #text) % 1000000007
end
print(string.format("%.0f", check))
