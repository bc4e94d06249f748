class Vending:
    def __init__(self):
        self.state = "Idle"
        self.item = None
        self.credit = 0
        self.stock = {"cola": 10000000, "chips": 50000, "gum": 10}
        self.sold = []
    def handle(self, event, arg):
        state = self.state
        if state == "Idle":
            if event == "coin":
                self.credit += arg
                self.state = "Coin"
            elif event == "kick": self.state = "Error"
        elif state == "Coin":
            if event == "coin": self.credit += arg
            elif event == "select":
                if arg in self.stock and self.stock[arg] > 0 and self.credit >= 3:
                    self.state = "Selected"
                    self.item = arg
            elif event == "refund":
                self.credit = 0
                self.state = "Idle"
        elif state == "Selected":
            self.stock[self.item] -= 1
            self.credit -= 3
            self.sold.append(self.item)
            self.state = "Dispensing"
        elif state == "Dispensing":
            self.state = "Coin" if self.credit > 0 else "Idle"
        else: self.state = "Idle"
def run(n):
    m = Vending()
    events = ["coin", "coin", "select", "tick", "tick", "select", "tick", "refund", "kick", "tick"]
    args = [2, 3, "cola", 0, 0, "chips", 0, 0, 0, 0]
    goods = ["gum", "cola", "chips"]
    for i in range(n):
        k = i % 10
        arg = goods[i % 3] if k == 2 else args[k]
        m.handle(events[k], arg)
    stock = "{" + ", ".join(f'"{k}": {v}' for k, v in sorted(m.stock.items())) + "}"
    return f"State::{m.state} {m.credit} {stock} {len(m.sold)}"
print(run(2000000))
