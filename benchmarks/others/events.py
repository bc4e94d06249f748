def make_bus(): return {}
def on(bus, name, handler):
    bus.setdefault(name, []).append(handler)
def emit(bus, name, payload):
    handled = 0
    for h in bus.get(name, []):
        h(payload)
        handled += 1
    return handled
def run(n):
    clicks = 0
    total = 0
    log = []
    bus = make_bus()
    def click(e):
        nonlocal clicks
        clicks += 1
    def add(e):
        nonlocal total
        total = (total + e["x"] * e["y"]) % 1000003
    def key(e):
        if e["code"] % 100 == 0: log.append(e["code"])
    on(bus, "click", click)
    on(bus, "click", add)
    on(bus, "key", key)
    handled = 0
    for i in range(n):
        if i % 3 == 0: handled += emit(bus, "key", {"code": i})
        elif i % 7 == 0: handled += emit(bus, "nothing", None)
        else: handled += emit(bus, "click", {"x": i, "y": i % 10})
    return f"{clicks} {total} {len(log)} {handled}"
print(run(700000))
