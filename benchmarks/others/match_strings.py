def run(words, n):
    t = 0
    for i in range(n):
        match words[i % 6]:
            case "red": t += 1
            case "green": t += 2
            case "blue": t += 3
            case "white": t += 4
            case "black": t += 5
            case _: t += 6
    return t
print(run(["red", "green", "blue", "white", "black", "other"], 10000000))
