// Planets pulling at each other: float fields of objects in an array, written in place.
class Body {
  constructor([x, y, z], [vx, vy, vz], mass) {
    this.x = x;
    this.y = y;
    this.z = z;
    this.vx = vx * 365.24;
    this.vy = vy * 365.24;
    this.vz = vz * 365.24;
    this.mass = mass * (4.0 * Math.PI * Math.PI);
  }
}

function planets() {
  return [
    new Body([0.0, 0.0, 0.0], [0.0, 0.0, 0.0], 1.0),
    new Body(
      [4.8414314424647209, -1.16032004402742839, -0.103622044471123109],
      [0.00166007664274403694, 0.00769901118419740425, -0.0000690460016972063023],
      0.000954791938424326609,
    ),
    new Body(
      [8.34336671824457987, 4.12479856412430479, -0.403523417114321381],
      [-0.00276742510726411029, 0.00499852801234917238, 0.0000230417297573763929],
      0.000285885980666130812,
    ),
    new Body(
      [12.894369562139131, -15.1111514016986312, -0.223307578892655734],
      [0.00296460137564761618, 0.0023784717395948095, -0.0000296589568540237556],
      0.0000436624404335156298,
    ),
    new Body(
      [15.3796971148509165, -25.9193146099879641, 0.179258772950371181],
      [0.00268067772490389322, 0.00162824170038242295, -0.000095159225451971587],
      0.0000515138902046611451,
    ),
  ];
}

function advance(bodies, dt) {
  const count = bodies.length;
  for (let i = 0; i < count; i++) {
    const body = bodies[i];
    for (let j = i + 1; j < count; j++) {
      const other = bodies[j];
      const dx = body.x - other.x;
      const dy = body.y - other.y;
      const dz = body.z - other.z;
      const squared = dx * dx + dy * dy + dz * dz;
      const pull = dt / (squared * Math.sqrt(squared));
      const fromOther = other.mass * pull;
      const fromBody = body.mass * pull;
      body.vx -= dx * fromOther;
      body.vy -= dy * fromOther;
      body.vz -= dz * fromOther;
      other.vx += dx * fromBody;
      other.vy += dy * fromBody;
      other.vz += dz * fromBody;
    }
  }
  for (const body of bodies) {
    body.x += dt * body.vx;
    body.y += dt * body.vy;
    body.z += dt * body.vz;
  }
}

function energy(bodies) {
  let total = 0.0;
  for (let i = 0; i < bodies.length; i++) {
    const body = bodies[i];
    total += 0.5 * body.mass * (body.vx * body.vx + body.vy * body.vy + body.vz * body.vz);
    for (let j = i + 1; j < bodies.length; j++) {
      const other = bodies[j];
      const dx = body.x - other.x;
      const dy = body.y - other.y;
      const dz = body.z - other.z;
      total -= (body.mass * other.mass) / Math.sqrt(dx * dx + dy * dy + dz * dz);
    }
  }
  return total;
}

const steps = Number(process.argv[2] ?? 400000);
const bodies = planets();
for (let step = 0; step < steps; step++) advance(bodies, 0.01);
console.log(String(Math.floor(energy(bodies) * 1000000000000.0)));
