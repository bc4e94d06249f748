// Four kinds of objects with methods of the same names, called in one place for n rounds.
class Circle {
  constructor(radius) {
    this.radius = radius;
  }
  area() {
    return 3.0 * this.radius * this.radius;
  }
  corners() {
    return 0;
  }
}

class Square {
  constructor(side) {
    this.side = side;
  }
  area() {
    return this.side * this.side;
  }
  corners() {
    return 4;
  }
}

class Box {
  constructor(width, height) {
    this.width = width;
    this.height = height;
  }
  area() {
    return this.width * this.height;
  }
  corners() {
    return 4;
  }
}

class Triangle {
  constructor(base, height) {
    this.base = base;
    this.height = height;
  }
  area() {
    return (this.base * this.height) / 2.0;
  }
  corners() {
    return 3;
  }
}

function makeShapes(n) {
  const shapes = [];
  for (let i = 0; i < n; i++) {
    const size = 1.0 + (i % 7);
    const kind = i % 4;
    if (kind === 0) shapes.push(new Circle(size));
    else if (kind === 1) shapes.push(new Square(size));
    else if (kind === 2) shapes.push(new Box(size, size + 1.0));
    else shapes.push(new Triangle(size, size + 2.0));
  }
  return shapes;
}

function run(rounds) {
  const shapes = makeShapes(1000);
  let area = 0.0;
  let corners = 0;
  for (let round = 0; round < rounds; round++) {
    for (const shape of shapes) {
      area += shape.area();
      corners += shape.corners();
    }
  }
  return `${Math.trunc(area)} ${corners}`;
}

console.log(run(Number(process.argv[2] ?? 14000)));
