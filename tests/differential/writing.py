"""What every part of the generator needs: chance, the text so far, and the names in reach."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from tests.differential.kinds import (
    SCALARS,
    TAG,
    Kind,
    Struct,
    array,
    mapping,
    option,
    result,
    struct,
)

Item = TypeVar("Item")

WORK_OF_A_PROGRAM = 30_000
WORK_OF_A_FUNCTION = 400


class Writer:
    """Writes lines.  `load` is how often the current line will be executed, `work` the sum so far."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.lines: list[str] = []
        self.depth = 0
        self.scopes: list[dict[str, Kind]] = [{}]
        self.fixed: set[str] = set()
        self.structs: dict[str, Struct] = {}
        self.numbers = 0
        self.load = 1
        self.work = 0
        self.work_limit = WORK_OF_A_PROGRAM
        self.loops = 0
        self.functions = 0
        self.returned: Kind | None = None
        self.slips = self.chance.choice([0.0, 0.0, 0.004, 0.02])
        """How often an expression is of another type than wanted."""

    # ------------------------------------------------------------------------ chance

    def happens(self, probability: float) -> bool:
        return self.chance.random() < probability

    def pick(self, items: Sequence[Item]) -> Item:
        return self.chance.choice(items)

    def any_scalar(self) -> Kind:
        return self.chance.choices(SCALARS, (5, 2, 1, 2))[0]

    def any_kind(self, depth: int = 2) -> Kind:
        """Some type of data."""
        if depth == 0 or self.happens(0.4):
            return self.any_scalar()
        kinds = [array, array, array, mapping, mapping, option, result]
        if self.structs and self.happens(0.3):
            return struct(self.pick(sorted(self.structs)))
        return TAG if self.happens(0.05) else self.pick(kinds)(self.any_kind(depth - 1))

    # ------------------------------------------------------------------------- text

    def line(self, text: str) -> None:
        self.lines.append("    " * self.depth + text)
        self.work += self.load

    @contextmanager
    def block(self, header: str, times: int = 1, closing: str = "}") -> Iterator[None]:
        """A block in braces, with a scope of its own, that is executed `times` times."""
        self.line(header + " {")
        self.depth += 1
        self.scopes.append({})
        self.load *= times
        yield
        self.load //= times
        self.scopes.pop()
        self.depth -= 1
        self.line(closing)

    @contextmanager
    def function_body(self, parameters: dict[str, Kind], returned: Kind | None) -> Iterator[list[int]]:
        """The inside of a function, in a scope with its parameters; the list receives its cost."""
        saved = self.load, self.work, self.work_limit, self.loops, self.returned
        self.load, self.work, self.work_limit, self.loops = 1, 0, WORK_OF_A_FUNCTION, 0
        self.returned = returned
        self.scopes.append(dict(parameters))
        self.functions += 1
        cost: list[int] = []
        yield cost
        self.functions -= 1
        self.scopes.pop()
        cost.append(self.work + 1)
        self.load, self.work, self.work_limit, self.loops, self.returned = saved

    def affordable(self, cost: int) -> bool:
        """Whether something of that cost may still be written here."""
        return self.work + self.load * cost <= self.work_limit

    # ------------------------------------------------------------------------ names

    def new_name(self, prefix: str = "v") -> str:
        self.numbers += 1
        return f"{prefix}{self.numbers}"

    def declare(self, name: str, kind: Kind, fixed: bool = False) -> None:
        self.scopes[-1][name] = kind
        if fixed:
            self.fixed.add(name)

    def visible(self) -> dict[str, Kind]:
        """Every name in reach with its type; inner ones hide outer ones."""
        found: dict[str, Kind] = {}
        for scope in self.scopes:
            found.update(scope)
        return found

    def names_of(self, kind: Kind, writable: bool = False) -> list[str]:
        """Names of that type."""
        return [
            name
            for name, known in self.visible().items()
            if known == kind and not (writable and name in self.fixed)
        ]

    def functions_returning(self, kind: Kind) -> list[tuple[str, Kind]]:
        """Functions with that result that can still be afforded."""
        return [
            (name, known)
            for name, known in self.visible().items()
            if known.name == "function" and known.item == kind and self.affordable(known.cost)
        ]

