def jumps(code):
    table = {}
    stack = []
    for i in range(len(code)):
        if code[i] == "[": stack.append(i)
        if code[i] == "]":
            open = stack.pop()
            table[i] = open
            table[open] = i
    return table
def run(code):
    table = jumps(code)
    tape = [0] * 300
    at = pc = steps = 0
    size = len(code)
    while pc < size:
        c = code[pc]
        if c == ">": at += 1
        elif c == "<": at -= 1
        elif c == "+": tape[at] = (tape[at] + 1) % 256
        elif c == "-": tape[at] = (tape[at] + 255) % 256
        elif c == "[":
            if tape[at] == 0: pc = table[pc]
        elif c == "]":
            if tape[at] != 0: pc = table[pc]
        pc += 1
        steps += 1
    return steps
print(sum(run("++++++++[>++++++++[>++++++++[>++++++++[>++++++++<-]<-]<-]<-]") for _ in range(80)))
