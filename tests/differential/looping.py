"""Random loops over arrays and texts: what compiled code checks once, before the first round, must hold in all.

A program has a few functions of one shape: a loop, inside of it some steps that read, write, branch, end the round or
the loop, and loops inside.  Each is called often enough to be compiled, with sizes and places that suit, and then with
some that do not, so that every check matters.  Most functions keep to places that are inside then: code for one that
has seen others checks everything.
"""

from __future__ import annotations

from random import Random

CALLS, ROUNDS = 8, 45
INSIDE = ("i", "i", "i", "k", "k", "k", "i + 1", "0", "1", "n - 1")
PLACES = (*INSIDE, "-1", "i - 1", "k + 1", "-2", "len(xs) - 1", "i * 2")
COUNTS = ("i + 1", "i + 1", "i", "0")
OTHER_COUNTS = (*COUNTS, "k + 1", "k - 1", "total % 4", "n")
CONDITIONS = (
    "i % 2 == 0", "i % 3 == 1", "total > 20", "k < n", "i == n - 1", "i > k", "xs[0] > 2", "text[0] == text[1]",
    "len(xs) > 5", "i < len(ys)",
)  # fmt: skip
ENDINGS = ("break", "continue", "return [total, k, xs, ys]")
HEADS = ("for i in range(n)", "for i in range(n)", "for i in range(1, n)", "for i in range(0, n, 2)", "for i in xs")
SIZES = (0, 1, 2, 4, 5, 6, 9)
HELPERS = """\
func update(values, place) {
    values[place] := 9
    return values
}
func peek(values, place) { return values[place] }
func square(n) {
    grid := []
    for i in range(n) {
        row := []
        for j in range(n) { row := push(row, i * j % 5) }
        grid := push(grid, row)
    }
    return grid
}
"""


def loops(seed: int) -> str:
    """The program with that number."""
    return _Loops(seed).whole()


class _Loops:
    def __init__(self, seed: int) -> None:
        self.chance = Random(f"loops {seed}")
        self.lines = HELPERS.splitlines()
        self.places: tuple[str, ...] = INSIDE
        self.counts: tuple[str, ...] = COUNTS
        self.reads = 0.5
        """How many of the steps only look into containers, or set `k`."""

    def whole(self) -> str:
        for number in range(self.chance.randint(1, 3)):
            self._function(f"loop{number}")
            self._calls(f"loop{number}")
        return "\n".join(self.lines) + "\n"

    # ----------------------------------------------------------------------- functions

    def _function(self, name: str) -> None:
        is_tame = self.chance.random() < 0.75
        self.places, self.counts = (INSIDE, COUNTS) if is_tame else (PLACES, OTHER_COUNTS)
        self.reads = 0.6 if is_tame else 0.2
        self._line(0, f"func {name}(xs, ys, grid, text, n, k) {{")
        self._line(1, "total := 0")
        head = self.chance.choice(HEADS)
        if self.chance.random() < 0.2:
            self._line(1, "i := 0")
            self._line(1, "while i < n {")
            self._steps(2, self.chance.randint(1, 5))
            self._line(2, "i += 1")
        else:
            self._line(1, head + " {")
            self._steps(2, self.chance.randint(1, 6))
        self._line(1, "}")
        self._line(1, "return [total, k, xs, ys, grid, text]")
        self._line(0, "}")

    def _steps(self, depth: int, count: int) -> None:
        for _ in range(count):
            way = self.chance.random()
            if way < 0.3 and depth < 5:
                self._branch(depth)
            elif way < 0.37 and depth < 4:
                self._inner(depth)
            else:
                self._line(depth, self._step())

    def _branch(self, depth: int) -> None:
        self._line(depth, f"if {self.chance.choice(CONDITIONS)} {{")
        way = self.chance.random()
        if way < 0.15:
            self._line(depth + 1, self.chance.choice(ENDINGS))
        elif way < 0.55:
            self._line(depth + 1, f"k := {self.chance.choice(self.counts)}")
        else:
            self._steps(depth + 1, self.chance.randint(1, 2))
            if self.chance.random() < 0.3:
                self._line(depth, "} else {")
                self._steps(depth + 1, 1)
        self._line(depth, "}")

    def _inner(self, depth: int) -> None:
        head = self.chance.choice(("for j in range(3)", "for j in range(len(ys))", "for j in ys", "for j in range(k)"))
        self._line(depth, head + " {")
        self._line(depth + 1, "if total > 100000 { break }")
        self._steps(depth + 1, self.chance.randint(1, 3))
        self._line(depth + 1, f"total += {self.chance.choice(('xs[j % 2]', 'ys[j]', 'grid[1][j]', 'j'))}")
        self._line(depth, "}")

    def _step(self) -> str:
        place, other = self.chance.choice(self.places), self.chance.choice(self.places)
        array = self.chance.choice(("xs", "xs", "xs", "ys"))
        if self.chance.random() < self.reads:
            if self.chance.random() < 0.4:
                return self._in_grid(place, other)
            return self.chance.choice((
                f"total += {array}[{place}]", f"total += xs[{place}]", f"total += {array}[{place}] * xs[{other}]",
                f"total += grid[{place}][{other}]", f"if text[{place}] == text[{other}] {{ total += 1 }}",
                f'if text[{place}] == "b" {{ total += 3 }}', f"k := {self.chance.choice(self.counts)}",
                f"k := {self.chance.choice(self.counts)}", f"total += peek({array}, {place})",
            ))  # fmt: skip
        return self.chance.choice((
            f"total += len(grid[{place}])", f"{array}[{place}] := total % 7", f"grid[{place}][{other}] := total % 5",
            f"row := grid[{place}]\nrow[{other}] := 8\ntotal += row[{place}] + grid[0][1]",
            f"{array} := push({array}, total % 9)", f"if len({array}) > 3 {{ [{array}, last] := pop({array}) }}",
            f"kept := {array}\n{array}[{place}] := 1\ntotal += kept[{place}]", "xs := ys", "ys := [4, 5, total % 3]",
            "text := text + text[0]", f"grid := push(grid, [1, 2, {place}])", f"{array} := update({array}, {place})",
            f"{array}[{place}] := 1.5",
        ))  # fmt: skip

    def _in_grid(self, place: str, other: str) -> str:
        column = self.chance.choice(("j", "j", "i", "0", "k"))
        if column == "j":
            written = self.chance.choice((
                f"grid[{place}][j] := grid[{other}][j] + 1", f"grid[{place}][j] += grid[{other}][{place}]",
                f"grid[{place}][j] := grid[{other}][{other}] % 9 + grid[{place}][{other}]",
                f"total += grid[{place}][j] - grid[{other}][j]",
                f"row := grid[{place}]\n    grid[{place}][j] := total % 8\n    total += row[j]",
            ))  # fmt: skip
            end = self.chance.choice(("3", "n", "k"))
            return f"for j in range({end}) {{\n    {written}\n    total := total % 1000\n}}"
        element = f"grid[{place}][{column}]"
        return self.chance.choice((
            f"{element} := grid[{other}][{column}] + 1", f"{element} += 2", f"total += grid[{place}][{other}]",
            f"grid[{place}] := push(grid[{place}], {other})", f"grid[{place}] := grid[{other}]", f"{element} := 2.5",
            f"row := grid[{place}]\n{element} := 3\ntotal += row[{column}]",
            f"held := grid\n{element} := 4\ntotal += held[{place}][{column}]",
        ))  # fmt: skip

    # --------------------------------------------------------------------------- calls

    def _calls(self, name: str) -> None:
        good = self._arguments(self.chance.choice((4, 5)), "1")
        # A loop would soon be compiled, with the function as part of it.
        self.lines += [f"try {{ {name}({good}) }} except e {{ e }}"] * CALLS
        if self.chance.random() < 0.3:
            self._line(0, f"for round in range({ROUNDS}) {{ try {{ {name}({good}) }} except e {{ e }} }}")
        for _ in range(6):
            place = self.chance.choice(("0", "1", "2", "3", "7", "-1", "-3", "40000000", "-40000000"))
            call = f"{name}({self._arguments(self.chance.choice(SIZES), place)})"
            self._line(0, f"try {{ print({call}) }} except e {{ print(e.message, e.line) }}")
        self._line(0, f"try {{ print({name}({good})) }} except e {{ print(e.message, e.line) }}")

    def _arguments(self, size: int, place: str) -> str:
        kind = self.chance.choice(("[1, 2, 3, 4, 5, 6]", "[3, 1, 2, 5, 4, 6, 7, 8]", "[2, 2, 2, 2, 2, 2]"))
        other = self.chance.choice(("[5, 6, 7, 8, 9, 1]", "[1, 2, 3]", "[]", "[1.5, 2.5, 3.5]"))
        rows = "[[1, 2, 3], [4, 5, 6], [7, 8, 9], [1, 1, 1], [2, 2, 2]]"
        grid = self.chance.choice(("square(8)", "square(8)", rows, "[[1, 2], [3, 4, 5]]"))
        text = self.chance.choice(('"abcabcab"', '"abcabcab"', '"äbcäbcäb"', '"b"'))
        return f"{kind}, {other}, {grid}, {text}, {size}, {place}"

    def _line(self, depth: int, text: str) -> None:
        self.lines += ["    " * depth + line for line in text.split("\n")]
