"""The values that the suite hands around, as Ruff text and as Python models.

Lists, dicts and `Record`s are the models of arrays, dicts and struct instances.  They are
copied deeply wherever a value gets a second holder, which is what the language promises.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class Record(dict[str, Any]):
    """The model of a `Point`, a struct that every program of the suite declares."""


Path = tuple[int | str, ...]
"""Steps into a value: indices of arrays, keys of dicts, names of fields."""


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A kind of value: its `model`, and the place `deep` inside, which holds an int."""

    name: str
    model: Any
    deep: Path

    @property
    def literal(self) -> str:
        """The value as a Ruff expression."""
        return literal(self.model)

    @property
    def part(self) -> Path:
        """The first step of the deep place."""
        return self.deep[:1]


def literal(model: Any) -> str:
    """A Ruff expression for a model."""
    if isinstance(model, Record):
        return f"Point {{ {', '.join(f'{name}: {literal(item)}' for name, item in model.items())} }}"
    if isinstance(model, dict):
        return "{" + ", ".join(f'"{key}": {literal(item)}' for key, item in model.items()) + "}"
    if isinstance(model, list):
        return f"[{', '.join(literal(item) for item in model)}]"
    if isinstance(model, str):
        return f'"{model}"'
    return str(model).lower()


def display(model: Any) -> str:
    """What `print` shows of a model."""
    if isinstance(model, Record):
        return f"Point {{ {', '.join(f'{name}: {display(model[name])}' for name in sorted(model))} }}"
    if isinstance(model, dict):
        return "{" + ", ".join(f'"{key}": {display(model[key])}' for key in sorted(model)) + "}"
    if isinstance(model, list):
        return f"[{', '.join(map(display, model))}]"
    return model if isinstance(model, str) else str(model).lower()


def place(root: str, path: Path, model: Any) -> str:
    """The Ruff place that leads from `root`, which holds the model, along a path."""
    for step in path:
        if isinstance(model, Record):
            root += f".{step}"
        else:
            root += f'["{step}"]' if isinstance(step, str) else f"[{step}]"
        model = model[step]
    return root


KINDS: tuple[Kind, ...] = (
    Kind("ints", [1, 2, 3], (0,)),
    Kind("floats", [0.5, 1.5], (0,)),
    Kind("bools", [True, False], (0,)),
    Kind("mixed", [1, "two", 0.5], (0,)),
    Kind("rows", [[1, 2], [3, 4]], (0, 1)),
    Kind("records", [Record(k=1, m=[2]), Record(k=3, m=[4])], (1, "m", 0)),
    Kind("dict", {"k": 1, "m": 2}, ("k",)),
    Kind("tree", {"k": {"k": 1}, "m": [1, 2]}, ("k", "k")),
    Kind("struct", Record(k=1, m=2), ("k",)),
    Kind("deep struct", Record(k=[1, 2], m={"k": [3]}), ("m", "k", 0)),
    Kind("mixture", {"k": [Record(k=[1, 2], m={"k": 0.5})], "m": [[True], 2]}, ("k", 0, "k", 1)),
)

ARRAYS = frozenset(kind.name for kind in KINDS if type(kind.model) is list)
DICTS = frozenset(kind.name for kind in KINDS if type(kind.model) is dict)
STRUCTS = frozenset(kind.name for kind in KINDS if type(kind.model) is Record)
ALL = ARRAYS | DICTS | STRUCTS
NESTED = frozenset(kind.name for kind in KINDS if len(kind.deep) > 1)
