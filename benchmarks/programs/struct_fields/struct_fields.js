// A ball in a box: reading and writing the fields of one object in a loop.
function simulate(steps) {
  const ball = { x: 100, y: 300, vx: 7, vy: -3, bounces: 0 };
  for (let step = 0; step < steps; step++) {
    ball.x = ball.x + ball.vx;
    ball.y = ball.y + ball.vy;
    if (ball.x < 0 || ball.x > 640) {
      ball.vx = -ball.vx;
      ball.bounces++;
    }
    if (ball.y < 0 || ball.y > 480) {
      ball.vy = -ball.vy;
      ball.bounces++;
    }
  }
  return `${ball.x} ${ball.y} ${ball.bounces}`;
}

console.log(simulate(Number(process.argv[2] ?? 24000000)));
