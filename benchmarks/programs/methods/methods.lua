-- Method calls: one that only reads its receiver, one that hands back the changed receiver.
local Account = {}
Account.__index = Account

function Account:accepts(amount)
  return self.balance + amount < 1000000
end

function Account:deposit(amount)
  self.balance = self.balance + amount
  self.deposits = self.deposits + 1
  return self
end

local account, refused = setmetatable({ balance = 0, deposits = 0 }, Account), 0
for i = 0, tonumber(arg[1] or 12000000) - 1 do
  local amount = i % 1000
  if account:accepts(amount) then
    account = account:deposit(amount)
  else
    account = account:deposit(-account.balance)
    refused = refused + 1
  end
end
print(string.format("%.0f %.0f %.0f", account.balance, account.deposits, refused))
