-- A binary heap in an array: n pseudo-random numbers go in, and come out in order.
local function sink(heap, size)
  local item, i = heap[1], 1
  while true do
    local child = 2 * i
    if child > size then break end
    if child < size and heap[child + 1] < heap[child] then child = child + 1 end
    if item <= heap[child] then break end
    heap[i] = heap[child]
    i = child
  end
  heap[i] = item
end

local function rise(heap, start)
  local item, i = heap[start], start
  while i > 1 do
    local parent = math.floor(i / 2)
    if heap[parent] <= item then break end
    heap[i] = heap[parent]
    i = parent
  end
  heap[i] = item
end

-- (seed * 1103515245 + 12345) modulo 2^31 without leaving the exact integers.
local function next_seed(seed)
  local high = math.floor(seed / 65536)
  local low = seed % 65536
  return ((high * 1103515245 % 32768) * 65536 + low * 1103515245 + 12345) % 2147483648
end

local n = tonumber(arg[1] or 500000)
local heap, size, seed = {}, 0, 42
for i = 1, n do
  seed = next_seed(seed)
  size = size + 1
  heap[size] = seed
  rise(heap, size)
end
local check = 0
while size > 0 do
  check = (check * 31 + heap[1]) % 1000000007
  local last = heap[size]
  heap[size] = nil
  size = size - 1
  if size > 0 then
    heap[1] = last
    sink(heap, size)
  end
end
print(string.format("%.0f", check))
