-- Building and counting binary trees that are thrown away at once: allocation and collection.
local function build(depth)
  if depth == 0 then return { left = nil, right = nil } end
  return { left = build(depth - 1), right = build(depth - 1) }
end

local function count_nodes(node)
  if node.left == nil then return 1 end
  return 1 + count_nodes(node.left) + count_nodes(node.right)
end

local max_depth = tonumber(arg[1] or 15)
local kept, total, trees = build(max_depth), 0, 16
for depth = max_depth, 4, -2 do
  for _ = 1, trees do total = total + count_nodes(build(depth)) end
  trees = trees * 4
end
print(string.format("%.0f %.0f", total, count_nodes(kept)))
