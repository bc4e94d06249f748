"""A flame graph: who called whom, and how long, as one page that a browser opens without anything else."""

from __future__ import annotations

import html
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rufflang.profiler.samples import COMPILED, GARBAGE, INTERPRETED, WAITING, Function, Profile, Sample

BUILTIN = "builtin"
_CODES = {COMPILED: "c", INTERPRETED: "i", GARBAGE: "g", WAITING: "w", BUILTIN: "b"}
"""How the page is told what a box stands for."""

_PAGE = os.path.join(os.path.dirname(__file__), "flame_graph.html")


@dataclass(slots=True)
class Box:
    """A box of the graph: a function as called from those below it, or what it spent time on."""

    name: str
    place: str = ""
    kind: str = ""
    """One of `_CODES` for what is no function of the program."""
    seconds: float = 0.0
    compiled: float = 0.0
    interpreted: float = 0.0
    inner: dict[tuple[str, str, str], Box] = field(default_factory=dict)

    def within(self, name: str, place: str, kind: str = "") -> Box:
        """The box of that name on top of this one."""
        key = (name, place, kind)
        found = self.inner.get(key)
        if found is None:
            found = self.inner[key] = Box(name, place, kind)
        return found

    def add(self, sample: Sample) -> None:
        """Counts a sample that was taken here or further up."""
        self.seconds += sample.seconds
        if sample.mode == COMPILED:
            self.compiled += sample.seconds
        elif sample.mode == INTERPRETED:
            self.interpreted += sample.seconds

    def as_json(self) -> dict[str, object]:
        """What the page wants to know, in milliseconds; the largest boxes first."""
        inner = sorted(self.inner.values(), key=lambda box: (-box.seconds, box.name))
        described: dict[str, object] = {"n": self.name, "t": _milliseconds(self.seconds)}
        if self.place:
            described["p"] = self.place
        if self.kind:
            described["k"] = _CODES[self.kind]
        else:
            described["c"] = _milliseconds(self.compiled)
            described["i"] = _milliseconds(self.interpreted)
        if inner:
            described["b"] = [box.as_json() for box in inner]
        return described


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 3)


def box_of(samples: Iterable[Sample], name: str) -> Box:
    """The lowest box, with all others on top of it."""
    lowest = Box(name)
    for sample in samples:
        box = lowest
        box.add(sample)
        for function in sample.stack:
            box = _called(box, function)
            box.add(sample)
        if sample.mode in (GARBAGE, WAITING):
            box.within(sample.mode, "", sample.mode).add(sample)
        elif sample.builtin:
            box.within(sample.builtin, "", BUILTIN).add(sample)
    return lowest


def _called(box: Box, function: Function) -> Box:
    return box.within(function.name, str(function.place))


def flame_graph_page(profiles: Sequence[Profile], name: str) -> str:
    """The page about a program and the blocks that it spawned."""
    box = box_of((sample for profile in profiles for sample in profile.samples()), name)
    with open(_PAGE, encoding="utf-8") as file:
        page = file.read()
    # Nothing in the data may look like the end of the script that it stands in.
    data = json.dumps(box.as_json(), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return page.replace("{{NAME}}", html.escape(name)).replace("{{DATA}}", data)
