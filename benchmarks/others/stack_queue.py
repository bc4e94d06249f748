def run(n):
    stack = []
    s = 0
    for i in range(n):
        stack.append(i)
        if i % 3 == 2:
            s = (s + stack.pop()) % 1000007
    return s + len(stack)
print(run(2000000))
