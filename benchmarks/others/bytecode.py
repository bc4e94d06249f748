def run(n):
    program = [("Push", 1), ("Add", 2), ("Mul", 3), ("Less", 50), ("Dec",), ("Jump", 1)]
    acc = 0
    pc = 0
    steps = 0
    while steps < n:
        steps += 1
        match program[pc]:
            case ("Push", v): acc = v
            case ("Add", v): acc = (acc + v) % 1009
            case ("Mul", v): acc = (acc * v) % 1013
            case ("Less", v):
                if acc < v: acc += 1
            case ("Dec",): acc = acc - 1
            case ("Jump", target): pc = target - 1
        pc = (pc + 1) % 6
    return acc
print(run(2000000))
