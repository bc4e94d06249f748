-- Particles in an array move for n steps; their fields are assigned in place.
local steps = tonumber(arg[1] or 12000)
local particles = {}
for i = 0, 999 do
  particles[i + 1] = { x = i * 0.5, y = i * 0.25, vx = 1.0 + i * 0.001, vy = 0.5 - i * 0.002 }
end
for step = 1, steps do
  for i = 1, 1000 do
    particles[i].x = particles[i].x + particles[i].vx * 0.01
    particles[i].y = particles[i].y + particles[i].vy * 0.01
    if particles[i].x > 500.0 then particles[i].vx = -particles[i].vx end
    if particles[i].y < 0.0 then particles[i].vy = -particles[i].vy end
  end
end
local sum = 0.0
for _, p in ipairs(particles) do sum = sum + (p.x + p.y) end
print(string.format("%.0f", math.floor(sum * 1000.0)))
