class Item:
    __slots__ = ("price", "stock")
    def __init__(self, price, stock): self.price = price; self.stock = stock
def run(n):
    shop = {}
    for i in range(1000): shop[f"item{i}"] = Item(i % 50 + 1, 0)
    names = sorted(shop)
    revenue = 0
    seed = 11
    for i in range(n):
        seed = (seed * 3877 + 29573) % 139968
        name = names[seed % 1000]
        if shop[name].stock == 0: shop[name].stock = 10
        shop[name].stock -= 1
        revenue += shop[name].price
    return revenue
print(run(500000))
