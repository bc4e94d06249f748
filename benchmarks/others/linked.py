class Node:
    __slots__ = ("next", "value")
    def __init__(self, value, next): self.value = value; self.next = next
def build(n):
    head = None
    for i in range(n): head = Node(i, head)
    return head
def total(head):
    s = 0
    node = head
    while node is not None:
        s += node.value
        node = node.next
    return s
t = 0
for r in range(60): t += total(build(20000))
print(t)
