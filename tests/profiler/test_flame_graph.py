"""The flame graph: what is in the page, and that it needs nothing else."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from rufflang.profiler.flame_graph import box_of, flame_graph_page
from rufflang.profiler.samples import COMPILED, GARBAGE, INTERPRETED, Function, Place, Sample
from tests.profiler.profiled import Profiled

TOP = Function("<top level>", Place("a.ruff", 1))
WORK = Function("work", Place("a.ruff", 3))
VOID = {"meta", "input", "br", "link"}


def sample(*stack: Function, seconds: float, mode: str = COMPILED, builtin: str = "") -> Sample:
    return Sample(stack, Place("a.ruff", 4), builtin, mode, 1, seconds)


def test_boxes_lie_on_their_callers_and_add_up() -> None:
    box = box_of(
        [
            sample(TOP, WORK, seconds=0.25),
            sample(TOP, WORK, seconds=0.5, mode=INTERPRETED, builtin="sort"),
            sample(TOP, WORK, seconds=0.125, mode=GARBAGE),
            sample(TOP, seconds=0.0625),
        ],
        "a.ruff",
    )
    work = {
        "n": "work", "t": 875.0, "p": "a.ruff:3", "c": 250.0, "i": 500.0,
        "b": [{"n": "sort", "t": 500.0, "k": "b"}, {"n": "garbage collection", "t": 125.0, "k": "g"}],
    }  # fmt: skip
    top = {"n": "<top level>", "t": 937.5, "p": "a.ruff:1", "c": 312.5, "i": 500.0, "b": [work]}
    assert box.as_json() == {"n": "a.ruff", "t": 937.5, "c": 312.5, "i": 500.0, "b": [top]}


class Tags(HTMLParser):
    """Collects what is wrong with a page."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.data: dict[str, Any] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.faults.extend(f"<{tag}> refers to {value}" for name, value in attrs if name in ("src", "href"))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "script" and dict(attrs).get("type") == "application/json":
            self.open[-1] = "data"

    def handle_endtag(self, tag: str) -> None:
        expected = self.open.pop() if self.open else ""
        if tag != expected and (tag, expected) != ("script", "data"):
            self.faults.append(f"</{tag}> closes <{expected}>")

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "data":
            self.data = json.loads(data)


@pytest.fixture(scope="module")
def page() -> str:
    run = Profiled("mut s := 0\nfor i in range(3000000) { s := (s + i) % 7 }\n", jit="off")
    return flame_graph_page(run.profiles, "a</script><b>.ruff")


def test_the_page_is_well_formed_and_holds_the_graph(page: str) -> None:
    tags = Tags()
    tags.feed(page)
    assert (tags.faults, tags.open) == ([], [])
    assert tags.data["n"] == "a</script><b>.ruff"
    assert tags.data["b"][0]["n"] == "<top level>"


def test_the_page_loads_nothing(page: str) -> None:
    assert not re.search(r"https?:|@import|url\(|fetch|XMLHttp|\bimport\b", page)


def test_the_graph_can_be_searched_and_zoomed(page: str) -> None:
    assert '<input id="search"' in page and "element.onclick" in page
