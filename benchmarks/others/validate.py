class Invalid(Exception):
    def __init__(self, field, reason): self.field = field; self.reason = reason
def check(record):
    if record["age"] < 0: raise Invalid("age", "negative")
    if len(record["name"]) == 0: raise Exception("name is empty")
    return record["age"]
def run(n):
    good = 0
    bad = 0
    for i in range(n):
        try:
            try:
                good += check({"age": i % 7 - 1, "name": "n"})
            except Exception:
                bad += 1
                raise
        except Exception as outer:
            bad += len(str(outer.reason)) % 5
    return f"{good} {'true' if bad > 0 else 'false'}"
print(run(600000))
