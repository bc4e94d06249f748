"""Functions without calls: where they leave for another, and where a call has to stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from rufflang.interpreter.frameless import FramelessEmitter
from rufflang.lowpy.module import ModuleText
from tests.lowpy.low_source import Source

SOURCE = """
    @function
    def other(a: i64) -> i64:
        return a + 1

    @function(inline=True)
    def small(a: i64) -> i64:
        return other(a) if a > 5 else a

    @function
    def rarely(p: Ptr[i64], a: i64) -> i64:
        if a > 100:
            return other(a)
        p[0] = a
        return a

    @function
    def afterwards(p: Ptr[i64], a: i64) -> i64:
        p[0] = a
        return other(a)

    @function
    def on_one_way(p: Ptr[i64], a: i64) -> i64:
        if a > 100:
            p[0] = a
        return other(a)

    @function
    def in_a_loop(p: Ptr[i64], a: i64) -> i64:
        total = 0
        for i in range(a):
            total += other(i)
            p[0] = total
        return total

    @function
    def after_copying(p: Ptr[u8], a: i64) -> i64:
        copy_memory(p, offset(p, 8), 8)
        return other(a)

    @function
    def inlined(a: i64) -> i64:
        return small(a) + 1
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    folder: Path = tmp_path_factory.mktemp("frameless")
    return Source(folder, SOURCE)


def written(source: Source, name: str) -> tuple[bool, str]:
    """Whether a function leaves somewhere, and its text."""
    module = ModuleText("test")
    emitter = FramelessEmitter(module, lambda result: (f"{result} = leaving", "ret i64 0"))
    emitter.function(source.function(name))
    return emitter.has_left, module.render()


@pytest.mark.parametrize("name", ["rarely", "inlined"])
def test_the_first_call_on_a_way_becomes_leaving(source: Source, name: str) -> None:
    leaves, text = written(source, name)
    assert leaves
    assert "= leaving" in text
    assert "call i64" not in text


@pytest.mark.parametrize("name", ["afterwards", "on_one_way", "in_a_loop", "after_copying"])
def test_a_call_stays_a_call_behind_what_may_have_been_written(source: Source, name: str) -> None:
    leaves, text = written(source, name)
    assert not leaves
    assert "call i64" in text
