from collections import deque
def flood(w, h, start, wall):
    seen = {start}
    q = deque([(start, 0)])
    far = 0
    while q:
        pos, dist = q.popleft()
        if dist > far: far = dist
        x = pos % w
        y = pos // w
        for dx, dy in [(1, 0), (-1, 0), (0, 1), (0, -1)]:
            nx = x + dx
            ny = y + dy
            if nx >= 0 and ny >= 0 and nx < w and ny < h:
                nxt = ny * w + nx
                if (nx * 7 + ny * 13) % wall != 0 and nxt not in seen:
                    seen.add(nxt)
                    q.append((nxt, dist + 1))
    return far, len(seen)
def balanced(s):
    st = []
    for c in s:
        if c == "(": st.append(")")
        elif c == "[": st.append("]")
        elif c == "{": st.append("}")
        elif c == ")" or c == "]" or c == "}":
            want = st.pop() if st else None
            if want != c: return False
    return not st
total = 0
for r in range(5):
    far, n = flood(300, 300, r, 5 + r)
    total = (total * 31 + far * 1000 + n) % 1000003
good = 0
for i in range(80000):
    if balanced("{a[%d](b)(c[d]){e}}" % i + ")]}"[i % 4:3]): good += 1
print(total, good)
