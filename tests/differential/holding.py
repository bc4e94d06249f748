"""Random functions that give containers further holders in some rounds of a loop, and write them then or later.

Ruff's containers are values, so none of this may be seen.  But most marks of containers that have several holders
are spared, and compiled code often knows that a container has only one; this is where it can be wrong.  Containers
come into loops with a single holder, or as what the caller goes on using, and get further ones in all the ways there
are; what is kept is also what is written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tests.differential.holding_templates import (
    CAPTURED,
    FRESH,
    JUMPS,
    KEPT,
    REPLACED,
    SEEN,
    WRITTEN,
    YIELDED,
)
from tests.differential.kinds import ANY, INT, array, function, mapping
from tests.differential.suspending import Suspending

_NAMES = {"R": "rsg", "M": "mo", "K": "kl", "D": "d", "B": "b", "Q": "qz", "A": "a", "T": "t", "W": "out"}
_PAIRS = {"R": "S", "M": "N", "K": "L", "Q": "J"}
"""The letter for another variable of that kind."""
_STARTS = {
    "r": "[n, 1]", "s": "[2, n]", "m": "[[n, 1], [2, 3]]", "o": "[[5, n], [n, 6]]", "d": '{"a": [n, 1]}',
    "k": "keep([n, 1], n)", "l": "Keep { items: [1, n], n: 0 }", "b": "both([n, 2], [3, n])", "q": "line([n, 5])",
    "z": "Line { jobs: Queue([]), seen: {}, rows: [[n, 7]] }", "a": "[line([n, 8]), line([9, n])]", "t": "0", "u": "0",
    "x": "[n, n]", "out": "[]",
}  # fmt: skip
_KINDS = {"r": array(INT), "s": array(INT), "g": array(INT), "m": array(array(INT)), "d": mapping(array(INT)), "n": INT}
_CONDITIONS = ("C % 2 == 0", "C % 3 == 1", "C > 1", "C == 2", "n % 3 == 1", "n > 90", "C != 1 && n % 2 == 0")
_ROUNDS = (2, 3, 3, 4, 6, 12)
_CALLS = (12, 40, 130, 130)
_WORD = re.compile(r"\w+")
_LETTER = re.compile(r"\b[A-Z]\b")


class Holding(Suspending):
    """Adds functions and loops that hold containers."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.is_holding = self.happens(0.7)
        self.focus = "R"
        self.counters: list[str] = []
        self.names: dict[str, str] = {}
        self.captures = False
        self.end = "break"

    def holding_part(self) -> None:
        """A function of that kind and calls of it, or a loop of that kind at the top level."""
        if self.happens(0.15):
            self._loop_at_top_level()
            return
        name, word = self.new_name("h"), self.pick(("func", "func", "func", "func", "func*", "async func"))
        cost = self._holding_function(name, word)
        times = self.pick([times for times in _CALLS if self.affordable(cost * times)] or [4])
        self.work += self.load * cost * times
        self.line(f"g{name} := [1, 2]")
        row = self.pick(("[k, 2]", f"g{name}", f"g{name}", "last", "held[0]"))
        call = f"{name}(k, varied(k), {row})"
        call = {"func*": f"{call}.collect()", "async func": f"(await {call})"}.get(word, call)
        with self.block(f"for k in {times}"):
            with self.block("try", closing="} except problem {"):
                self.line(f"t := {call}")
                self.line(f"if k < 3 || k % 31 == 0 || k > {times - 4} {{ print(k, t, g{name}) }}")
            self.line(f"    if k < 3 || k % 31 == 0 || k > {times - 4} {{ print(k, problem.message, problem.line) }}")
            self.line("}")
        self.line("print(last, held)")
        if word == "func":
            self.declare(name, function((INT, INT, array(INT)), ANY, cost), fixed=True)

    def _holding_function(self, name: str, word: str) -> int:
        """Writes the function, and gives what a call of it costs."""
        self.end = {"func*": "return", "func": "return [out, t]", "async func": "return out"}[word]
        with self.function_body({**_KINDS, "p": ANY}, ANY) as cost:
            self.load = 0
            self.line(f"{word} {name}(n, p, g) {{")
            self.load, self.depth = 1, self.depth + 1
            place = self._holding_body(word == "func*", _ROUNDS)
            results = ", ".join(["out", "t", *self.chance.sample("rsgmodklbqza", self.pick((1, 3, 12)))])
            self.line(f"{'yield' if word == 'func*' else 'return'} [{results}]")
            self._put_starts(place)
            self.depth -= 1
            self.line("}")
        return cost[0]

    def _loop_at_top_level(self) -> None:
        self.end = "break"
        with self.block("try", closing="} except problem { print(problem.message, problem.line) }"):
            self.line("mut n := 5\nmut p := 1\nmut g := [3, 4]")
            for name, kind in _KINDS.items():
                self.declare(name, kind)
            place = self._holding_body(False, (12, 40, 1100))
            self.line("print(out)\nprint(t, r, s, g)\nprint(m, o, d)\nprint(k, l, b, q, z, a)")
            self._put_starts(place)

    def _holding_body(self, is_generator: bool, rounds: Sequence[int]) -> int:
        """Loops among other statements; gives the place where they begin."""
        self.focus = "".join(self.chance.sample("RRRRMMDKKKBQQA", self.chance.randint(1, 2)))
        self.names, self.captures = self._names(), self.happens(0.2)
        place = len(self.lines)
        for _ in range(self.chance.randint(1, 2)):
            if self.happens(0.3):
                self._template(KEPT[self.pick(self.focus)])
            self._holding_loop(rounds, is_generator)
            if self.happens(0.3):
                self._template(SEEN)
        return place

    def _put_starts(self, place: int) -> None:
        """Puts the variables that the lines from there on use in front of them."""
        used = set(_WORD.findall("\n".join(self.lines[place:])))
        indent = "    " * self.depth
        starts = [f"{indent}mut {name} := {value}" for name, value in _STARTS.items() if name in used]
        self.lines[place:place] = starts

    def _holding_loop(self, rounds: Sequence[int], is_generator: bool) -> None:
        times, name = self.pick(rounds), self.new_name("k")
        header = self.pick((f"for {name} in {times}", f"for {name} in range({times})", f"while {name} < {times}"))
        is_while = header.startswith("while")
        if is_while:
            self.line(f"mut {name} := -1")
            header = f"while {name} < {times - 1}"
        with self.block(header, times):
            if is_while:
                self.line(f"{name} += 1")
            self.declare(name, INT, fixed=True)
            self.counters.append(name)
            self.loops += 1
            self._round(is_generator)
            self.loops -= 1
            self.counters.pop()
            if times > 12:
                self.line("if len(out) > 12 { out := slice(out, 6, 12) }")

    def _round(self, is_generator: bool) -> None:
        for _ in range(self.pick((1, 1, 1, 2))):
            self._keep_and_write()
        if self.captures and self.happens(0.3):
            self._template(CAPTURED, self.names)
        if self.happens(0.25):
            self._template(JUMPS)
        if len(self.counters) < 2 and self.happens(0.3) and self.affordable(30):
            self._holding_loop((2, 3), is_generator)
        if is_generator and self.happens(0.5):
            self._template(YIELDED)
        if self.happens(0.4):
            self._template(SEEN)
        if self.happens(0.06):
            self.statement()

    def _keep_and_write(self) -> None:
        """Statements that perhaps make something, give it another holder and write it, mostly in this order."""
        kind, names = self.pick(self.focus), self.names if self.happens(0.6) else self._names()
        parts = [KEPT[kind], WRITTEN[kind] if self.happens(0.75) else REPLACED[kind]]
        if self.happens(0.3):
            parts.insert(self.chance.randint(0, 2), self.pick((SEEN, KEPT[kind], WRITTEN[kind])))
        if self.happens(0.2):
            parts.reverse()
        if self.happens(0.25):
            self._template(FRESH[kind], names)
        for templates in parts:
            if self.happens(0.25):
                with self.block(f"if {self._filled(self.pick(_CONDITIONS), names)}"):
                    self._template(templates, names)
            else:
                self._template(templates, names if self.happens(0.85) else None)

    def _template(self, templates: Sequence[str], names: dict[str, str] | None = None) -> None:
        """One of the statements, with those names for its letters."""
        for line in self._filled(self.pick(templates), self._names() if names is None else names).split("\n"):
            self.line(line)

    def _names(self) -> dict[str, str]:
        names: dict[str, str] = {}
        for letter, variables in _NAMES.items():
            if len(variables) > 1 and letter in _PAIRS:
                names[letter], names[_PAIRS[letter]] = self.chance.sample(variables, 2)
            else:
                names.setdefault(letter, variables)
        return names

    def _filled(self, text: str, names: dict[str, str]) -> str:
        counter = self.counters[-1] if self.counters else "n"

        def replacement(found: re.Match[str]) -> str:
            letter = found[0]
            if letter == "I":
                return self.pick("01")
            if letter == "V":
                return self.pick(("n", "n", "p", counter, str(self.chance.randint(10, 99))))
            return counter if letter == "C" else names[letter]

        return _LETTER.sub(replacement, text).replace("END", self.end)
