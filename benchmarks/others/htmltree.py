from dataclasses import dataclass
@dataclass
class Elem:
    tag: str
    attrs: dict
    kids: list
def escape(s): return s.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
def unescape(s): return s.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
def to_html(node):
    if isinstance(node, str): return escape(node)
    out = "<" + node.tag
    for k, v in sorted(node.attrs.items()): out += f' {k}="{v}"'
    out += ">"
    for k in node.kids: out += to_html(k)
    return out + "</" + node.tag + ">"
class Parser:
    def __init__(self, text):
        self.text = text
        self.pos = 0
    def until(self, stop):
        out = ""
        while self.text[self.pos] != stop:
            out += self.text[self.pos]
            self.pos += 1
        return out
def parse_node(p):
    p.pos += 1
    head = p.until(">")
    p.pos += 1
    bits = head.split(" ")
    attrs = {}
    for i in range(1, len(bits)):
        k, v = bits[i].split("=")
        attrs[k] = v[1:-1]
    kids = []
    while True:
        if p.text[p.pos] == "<":
            if p.text[p.pos + 1] == "/":
                p.until(">")
                p.pos += 1
                break
            kids.append(parse_node(p))
        else:
            kids.append(unescape(p.until("<")))
    return Elem(bits[0], attrs, kids)
def sample(i, depth):
    if depth == 0: return f"text <{i}> & more"
    return Elem("div", {"id": f"n{i}", "class": f"c{depth}"}, [sample(i * 2, depth - 1), Elem("b", {}, ["bold"]), sample(i * 2 + 1, depth - 1)])
size = same = 0
for i in range(600):
    tree = sample(i, 5)
    text = to_html(tree)
    size += len(text)
    p = Parser(text)
    back = parse_node(p)
    if back == tree and p.pos == len(text): same += 1
print(size, same)
