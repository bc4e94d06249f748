def text(v):
    if isinstance(v, float) and v == int(v): return str(int(v))
    return str(v)
def render(template, values):
    out = template
    for k, v in values.items(): out = out.replace("{{" + k + "}}", text(v))
    return out
def page(i):
    items = [f"<li class=\"c{j}\">{i * j}</li>" for j in range(4)]
    return f"<h1>{'Page ' + str(i)}</h1><ul>{''.join(items)}</ul>"
def run(n):
    t = "Dear {{title}} {{name}}, your order {{order}} of {{qty}} items costs {{price}} EUR. Bye {{name}}!"
    size = 0
    last = ""
    for i in range(n):
        last = render(t, {"title": "Dr", "name": f"N{i % 100}", "order": i, "qty": i % 9, "price": i * 0.5})
        size += len(last) + len(page(i))
    return f"{size} {last}"
print(run(150000))
