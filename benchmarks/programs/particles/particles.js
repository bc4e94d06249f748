// Particles in an array move for n steps; their fields are assigned in place.
class Particle {
  constructor(x, y, vx, vy) {
    this.x = x;
    this.y = y;
    this.vx = vx;
    this.vy = vy;
  }
}

const steps = Number(process.argv[2] ?? 12000);
const particles = [];
for (let i = 0; i < 1000; i++) particles.push(new Particle(i * 0.5, i * 0.25, 1.0 + i * 0.001, 0.5 - i * 0.002));
for (let step = 0; step < steps; step++) {
  for (let i = 0; i < 1000; i++) {
    particles[i].x += particles[i].vx * 0.01;
    particles[i].y += particles[i].vy * 0.01;
    if (particles[i].x > 500.0) particles[i].vx = -particles[i].vx;
    if (particles[i].y < 0.0) particles[i].vy = -particles[i].vy;
  }
}
let sum = 0.0;
for (const p of particles) sum += p.x + p.y;
console.log(String(Math.floor(sum * 1000.0)));
