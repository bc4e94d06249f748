def make(n):
    regions = ["north", "south", "east", "west"]
    products = ["pen", "ink", "paper", "desk", "chair", "lamp"]
    rows = []
    seed = 77
    for i in range(n):
        seed = (seed * 1103515245 + 12345) % 2147483648
        rows.append({"region": regions[seed // 100 % 4], "product": products[seed // 1000 % 6], "qty": seed // 7 % 9 + 1, "price": seed // 31 % 50 + 5})
    return rows
def group_by(rows, field):
    groups = {}
    for row in rows:
        k = row[field]
        if k not in groups: groups[k] = []
        groups[k].append(row)
    return groups
def summarise(rows):
    report = {}
    for row in rows:
        region = row["region"]
        product = row["product"]
        if region not in report: report[region] = {}
        if product not in report[region]: report[region][product] = {"count": 0, "total": 0}
        report[region][product]["count"] += row["qty"]
        report[region][product]["total"] += row["qty"] * row["price"]
    return report
rows = make(200000)
for i in range(3):
    report = summarise(rows)
    for region in sorted(report):
        groups = group_by([r for r in rows if r["region"] == region], "product")
        line = region
        for product in sorted(report[region]):
            e = report[region][product]
            line += f" {product}={e['count']}/{e['total']}/{len(groups[product])}"
        if i == 2: print(line)
