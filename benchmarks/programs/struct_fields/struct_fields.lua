-- A ball in a box: reading and writing the fields of one table in a loop.
local ball = { x = 100, y = 300, vx = 7, vy = -3, bounces = 0 }
for _ = 1, tonumber(arg[1] or 24000000) do
  ball.x = ball.x + ball.vx
  ball.y = ball.y + ball.vy
  if ball.x < 0 or ball.x > 640 then
    ball.vx = -ball.vx
    ball.bounces = ball.bounces + 1
  end
  if ball.y < 0 or ball.y > 480 then
    ball.vy = -ball.vy
    ball.bounces = ball.bounces + 1
  end
end
print(string.format("%.0f %.0f %.0f", ball.x, ball.y, ball.bounces))
