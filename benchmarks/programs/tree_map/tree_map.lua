-- A search tree that is never changed: each insertion makes the nodes on its path anew.
local Tree = {}
Tree.__index = Tree

local function new(key, value, left, right)
  return setmetatable({ key = key, value = value, left = left, right = right }, Tree)
end

local function inserted(tree, key, value)
  if tree == nil then return new(key, value, nil, nil) end
  return tree:with(key, value)
end

function Tree:with(key, value)
  if key == self.key then return new(key, value, self.left, self.right) end
  if key < self.key then
    return new(self.key, self.value, inserted(self.left, key, value), self.right)
  end
  return new(self.key, self.value, self.left, inserted(self.right, key, value))
end

function Tree:get(key)
  if key == self.key then return self.value end
  local following = self.right
  if key < self.key then following = self.left end
  if following == nil then return 0 end
  return following:get(key)
end

-- (seed * 1103515245 + 12345) modulo 2^31 without leaving the exact integers.
local function next_seed(seed)
  local high = math.floor(seed / 65536)
  local low = seed % 65536
  return ((high * 1103515245 % 32768) * 65536 + low * 1103515245 + 12345) % 2147483648
end

local tree, seed = nil, 42
for i = 0, tonumber(arg[1] or 160000) - 1 do
  seed = next_seed(seed)
  tree = inserted(tree, seed % 100003, i)
end
local check = 0
for key = 0, 100002 do check = (check * 31 + tree:get(key)) % 1000000007 end
print(string.format("%.0f", check))
