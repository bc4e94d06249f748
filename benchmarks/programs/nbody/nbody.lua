-- Planets pulling at each other: float fields of tables in a table, written in place.
local sqrt = math.sqrt

local function body(x, y, z, vx, vy, vz, mass)
  return {
    x = x, y = y, z = z,
    vx = vx * 365.24, vy = vy * 365.24, vz = vz * 365.24,
    mass = mass * (4.0 * math.pi * math.pi),
  }
end

local bodies = {
  body(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0),
  body(4.84143144246472090, -1.16032004402742839, -0.103622044471123109, 0.00166007664274403694,
    0.00769901118419740425, -0.0000690460016972063023, 0.000954791938424326609),
  body(8.34336671824457987, 4.12479856412430479, -0.403523417114321381, -0.00276742510726411029,
    0.00499852801234917238, 0.0000230417297573763929, 0.000285885980666130812),
  body(12.8943695621391310, -15.1111514016986312, -0.223307578892655734, 0.00296460137564761618,
    0.00237847173959480950, -0.0000296589568540237556, 0.0000436624404335156298),
  body(15.3796971148509165, -25.9193146099879641, 0.179258772950371181, 0.00268067772490389322,
    0.00162824170038242295, -0.0000951592254519715870, 0.0000515138902046611451),
}

local function advance(dt)
  local count = #bodies
  for i = 1, count do
    local this = bodies[i]
    for j = i + 1, count do
      local other = bodies[j]
      local dx, dy, dz = this.x - other.x, this.y - other.y, this.z - other.z
      local squared = dx * dx + dy * dy + dz * dz
      local pull = dt / (squared * sqrt(squared))
      local from_other, from_this = other.mass * pull, this.mass * pull
      this.vx = this.vx - dx * from_other
      this.vy = this.vy - dy * from_other
      this.vz = this.vz - dz * from_other
      other.vx = other.vx + dx * from_this
      other.vy = other.vy + dy * from_this
      other.vz = other.vz + dz * from_this
    end
  end
  for i = 1, count do
    local this = bodies[i]
    this.x = this.x + dt * this.vx
    this.y = this.y + dt * this.vy
    this.z = this.z + dt * this.vz
  end
end

local function energy()
  local total = 0.0
  for i = 1, #bodies do
    local this = bodies[i]
    total = total + 0.5 * this.mass * (this.vx * this.vx + this.vy * this.vy + this.vz * this.vz)
    for j = i + 1, #bodies do
      local other = bodies[j]
      local dx, dy, dz = this.x - other.x, this.y - other.y, this.z - other.z
      total = total - this.mass * other.mass / sqrt(dx * dx + dy * dy + dz * dz)
    end
  end
  return total
end

for _ = 1, tonumber(arg[1] or 400000) do
  advance(0.01)
end
print(string.format("%.0f", math.floor(energy() * 1000000000000.0)))
