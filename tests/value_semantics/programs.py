"""Programs made of the two tables, and what they print.

A case is one holding, one writing and one kind of value, with one of the two holders written.
Many cases are put into one program, each with names of its own, in a *setting*: at the top level,
in functions, with variables that closures share, or in tasks or generators that take turns.
Each case prints its holders; the lines of different cases may come in any order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field

from tests.value_semantics.holdings import HOLDINGS, Holding
from tests.value_semantics.kinds import KINDS, Kind, display, place
from tests.value_semantics.writings import WRITINGS, Writing

PREAMBLE = """
mut loud := false
struct Point {
    k m
    func poked(self) { self.k := 99; return self }
    func op_add(self, by) { self.k := by; return self }
}
struct Pair {
    x y
    func beside(self, other) { return [self.x, other] }
    func op_add(self, other) { return [self.x, other] }
}
func same(x) { return x }
func pair(x, y) { return [x, y] }
func other(x, y) { return x }
func choose(c, x, y) { if c { return x } return y }
func touch(f) { return f() }
func marked(x) { return [x, "marked"] }
func spoil(x) { x := [x, x]; x[0] := 99; x[1] := 98 }
func item(o) { match o { case Some(v) { return v } } return null }
func payload(t) { match t { case Shape::Two(v, n) { return v } } return null }
"""


@dataclass(frozen=True, slots=True)
class Case:
    """One combination; `holder` is the one that is written."""

    number: int
    holding: Holding
    writing: Writing
    kind: Kind
    holder: str

    @property
    def name(self) -> str:
        """What it is, for reports."""
        return f"{self.number}: {self.holding.name}; {self.writing.name}; {self.kind.name}; {self.holder} is written"

    @property
    def code(self) -> str:
        """The case as statements, each of whose lines ends outside or inside brackets."""
        return self._filled(self.holding.code)

    @property
    def module(self) -> str:
        """The code of the case's module."""
        return self._filled(self.holding.module) if self.holding.module else ""

    @property
    def module_name(self) -> str:
        return f"held{self.number}"

    def _filled(self, code: str) -> str:
        lines = "\n".join(self._line(line) for line in code.split("\n"))
        lines = lines.replace("VALUE", self.kind.literal).replace("MODULE", self.module_name)
        return re.sub(r"\$(\w+)", rf"\g<1>_{self.number}", lines)

    def _line(self, line: str) -> str:
        mark = re.fullmatch(r" *([<?])(first|second|third) (.*)", line)
        if mark is None:
            return line
        sign, holder, text = mark.groups()
        if sign == "?":
            return f'if loud {{ print("{self.number} {holder}", {text}) }}'
        return self._write(text[:-1]) if holder == self.holder else ""

    def _write(self, root: str) -> str:
        model, kind = self.kind.model, self.kind
        names = {"P": root, "DEEP": place(root, kind.deep, model), "PART": place(root, kind.part, model)}
        return re.sub(r"\b(P|DEEP|PART)\b", lambda match: names[match[1]], self.writing.code)

    def expected(self) -> list[str]:
        """The lines that the case prints."""
        written = self.writing.effect(self.kind, deepcopy(self.kind.model))
        values = {holder: self.kind.model for holder in self.holding.shown} | {self.holder: written}
        return [f"{self.number} {holder} {display(values[holder])}" for holder in self.holding.shown]


def all_cases() -> list[Case]:
    """Every combination there is, one kind after the other."""
    return [
        Case(0, holding, writing, kind, holder)
        for kind in KINDS
        for holding in HOLDINGS
        for writing in WRITINGS
        for holder in ("first", "second")
        if kind.name in holding.kinds & writing.kinds and holding.can_write(holder)
    ]


def chosen_cases(per_holding: int) -> list[Case]:
    """For each holding and holder so many combinations; together they use the writings and kinds evenly."""
    return list(_chosen(per_holding))


def _chosen(per_holding: int) -> Iterator[Case]:
    turn = 0
    for holding in HOLDINGS:
        for holder in ("first", "second"):
            if not holding.can_write(holder):
                continue
            found = 0
            while found < per_holding:
                turn += 1
                writing, kind = WRITINGS[turn % len(WRITINGS)], KINDS[turn * 7 % len(KINDS)]
                if kind.name in holding.kinds & writing.kinds:
                    found += 1
                    yield Case(0, holding, writing, kind, holder)


@dataclass(slots=True)
class Program:
    """A program of many cases: its text, its modules by name, and the lines that each case prints."""

    text: str
    modules: dict[str, str] = field(default_factory=dict)
    expected: dict[Case, list[str]] = field(default_factory=dict)


Setting = Callable[[Sequence[Case], int], Iterable[str]]
"""Arranges cases, each of which is run a number of times unless the setting runs it once."""


def program(cases: Sequence[Case], setting: Setting, rounds: int) -> Program:
    """The program that runs these cases so many times in that setting."""
    numbered = [Case(number, case.holding, case.writing, case.kind, case.holder) for number, case in enumerate(cases)]
    modules = {case.module_name: PREAMBLE + case.module for case in numbered if case.module}
    text = PREAMBLE + "\n".join(setting(numbered, rounds)) + "\n"
    return Program(text, modules, {case: case.expected() for case in numbered})


def at_the_top_level(cases: Sequence[Case], rounds: int) -> Iterator[str]:
    """All variables are globals; once."""
    yield "loud := true"
    for case in cases:
        yield case.code


def in_functions(cases: Sequence[Case], rounds: int) -> Iterator[str]:
    """Variables are locals, in registers where no closure uses them."""
    for case in cases:
        yield f"func case_{case.number}() {{\n{case.code}\n}}"
    yield from _calls(cases, rounds)


def in_closures(cases: Sequence[Case], rounds: int) -> Iterator[str]:
    """Variables belong to an enclosing function."""
    for case in cases:
        names = sorted(set(re.findall(r"^(\w+) :=", "\n".join(_statements(case.code)), re.MULTILINE)))
        declared = "\n".join(f"mut {name} := null" for name in names)
        yield f"func case_{case.number}() {{\n{declared}\nfunc inner() {{\n{case.code}\n}}\ninner()\n}}"
    yield from _calls(cases, rounds)


def _calls(cases: Sequence[Case], rounds: int) -> Iterator[str]:
    yield f"for round in range({rounds}) {{\nloud := round == {rounds - 1}"
    for case in cases:
        if not case.holding.once:
            yield _guarded(case, f"case_{case.number}()")
    yield "}"
    for case in cases:
        if case.holding.once:
            yield _guarded(case, f"case_{case.number}()")


def _guarded(case: Case, statement: str) -> str:
    return f'try {{ {statement} }} except e {{ print("{case.number} error", e.message, e.line) }}'


def in_tasks(cases: Sequence[Case], rounds: int) -> Iterator[str]:
    """All cases are under way at the same time, as tasks that take turns after each statement; once."""
    yield "loud := true"
    for case in cases:
        body = "\nawait async_sleep(0)\n".join(_statements(case.code))
        yield f"async func case_{case.number}() {{\n{body}\n}}\nrunning_{case.number} := case_{case.number}()"
    for case in cases:
        yield _guarded(case, f"await running_{case.number}")


def in_generators(cases: Sequence[Case], rounds: int) -> Iterator[str]:
    """All cases are under way at the same time, as generators that take turns after each statement; once."""
    yield "loud := true\nmut running := []"
    for case in cases:
        body = "\nyield 1\n".join(_statements(case.code))
        yield f"func* case_{case.number}() {{\n{body}\n}}\nrunning := push(running, case_{case.number}())"
    yield "for step in range(40) { for one in running {"
    yield 'try { one.next() } except e { print("error", e.message, e.line) }\n} }'


SETTINGS: tuple[Setting, ...] = (at_the_top_level, in_functions, in_closures, in_tasks, in_generators)


def _statements(code: str) -> list[str]:
    """The code cut where no bracket is open."""
    statements: list[str] = []
    current: list[str] = []
    depth = 0
    for line in code.split("\n"):
        current.append(line)
        depth += sum(line.count(sign) for sign in "([{") - sum(line.count(sign) for sign in ")]}")
        if depth == 0:
            statements.append("\n".join(current))
            current = []
    assert depth == 0, code
    return statements
