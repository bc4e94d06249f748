"""Nested arrays, dicts, numbers and texts are written as one text, recursively."""

import sys
from typing import Any


def written(value: Any) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return '"' + value + '"'
    separator = ""
    if isinstance(value, list):
        text = "["
        for item in value:
            text = text + separator + written(item)
            separator = ","
        return text + "]"
    text = "{"
    for key in value:
        text = text + separator + '"' + key + '":' + written(value[key])
        separator = ","
    return text + "}"


def record(i: int) -> dict[str, Any]:
    return {
        "id": i,
        "name": f"item {i}",
        "tags": ["a", "b", "c"],
        "sizes": [i, i * 2, i * 3],
        "next": {"id": i + 1},
    }


def run(n: int) -> int:
    check = 0
    for i in range(n):
        text = written([record(i), record(i + 1)])
        check = (check * 31 + len(text)) % 1000000007
    return check


if __name__ == "__main__":
    print(run(int(sys.argv[1]) if len(sys.argv) > 1 else 200000))
