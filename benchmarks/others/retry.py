class NetError(Exception):
    def __init__(self, message, code, cause):
        self.message = message
        self.code = code
        self.cause = cause
class Plain(Exception):
    def __init__(self, message): self.message = message
calls = 0
def fetch(i):
    global calls
    calls += 1
    if (calls * 7 + i) % 3 == 0: raise NetError(f"timeout {i}", 408, {"kind": "slow", "at": i})
    if i % 11 == 0: raise Plain("bad request")
    return i * 2
def with_retry(f, times):
    left = times
    while True:
        try: return f()
        except Exception as e:
            left -= 1
            if left == 0 or e.message == "bad request": raise
def guarded(i):
    try:
        return with_retry(lambda: fetch(i), 3)
    except Exception as e:
        if e.message.startswith("timeout"): raise NetError("gave up: " + e.message, 500, e.cause)
        raise
def run(n):
    good = 0
    bad = {}
    for i in range(n):
        try: good = (good + guarded(i)) % 1000003
        except Exception as e:
            key = e.message[:7]
            bad[key] = bad.get(key, 0) + 1
    shown = "{" + ", ".join(f'"{k}": {bad[k]}' for k in sorted(bad)) + "}"
    return f"{good} {shown} {calls}"
print(run(300000))
