-- Primes below n by the sieve of Eratosthenes: appending to a table, then writing elements.
local n = tonumber(arg[1] or 14000000)
local composite, count = {}, 0
for i = 1, n do composite[#composite + 1] = false end
for i = 2, n - 1 do
  if not composite[i] then
    count = count + 1
    for multiple = i * i, n - 1, i do composite[multiple] = true end
  end
end
print(string.format("%.0f", count))
