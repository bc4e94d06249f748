def pad(s, width, right):
    return s.rjust(width) if right else s.ljust(width)
def format_table(header, rows):
    widths = [len(h) for h in header]
    for row in rows:
        for i, cell in enumerate(row):
            n = len(str(cell))
            if n > widths[i]: widths[i] = n
    lines = []
    cells = []
    for i, h in enumerate(header): cells.append(pad(h, widths[i], False))
    lines.append("| " + " | ".join(cells) + " |")
    lines.append("|" + "|".join("-" * (w + 2) for w in widths) + "|")
    for row in rows:
        cells = []
        for i, cell in enumerate(row):
            cells.append(pad(str(cell), widths[i], isinstance(cell, int)))
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
def run(n):
    total = 0
    text = ""
    for r in range(n):
        rows = []
        for i in range(100): rows.append([i, f"name{i * r}", i * i * r, f"city{i % 7}".upper()])
        text = format_table(["id", "name", "amount", "city"], rows)
        total += len(text)
    print(text[:200])
    return total
print(run(1200))
