-- A pipeline of three generators: each item passes through all of them before the next one is made.
local function numbers(n)
  return coroutine.wrap(function()
    for i = 0, n - 1 do coroutine.yield(i) end
  end)
end

local function squares(source)
  return coroutine.wrap(function()
    for x in source do coroutine.yield(x * x % 1000) end
  end)
end

local function odd(source)
  return coroutine.wrap(function()
    for x in source do
      if x % 2 == 1 then coroutine.yield(x) end
    end
  end)
end

local sum = 0
for x in odd(squares(numbers(tonumber(arg[1] or 10000000)))) do sum = sum + x end
print(string.format("%.0f", sum))
