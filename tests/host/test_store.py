"""The store of compiled programs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rufflang.bytecode.positions import pack_position, unpack_position
from rufflang.host import program_keeping, program_store
from rufflang.host.compiled_unit import CompiledUnit
from rufflang.host.packing import packed_unit, prepare
from rufflang.interpreter.native_library import load
from rufflang.interpreter.source_stamp import SourceStamp
from rufflang.stdlib.builtin_table import builtin_table
from rufflang.syntax import Source, Span, parse

PROGRAM = """
total := 0
func add(n) { total := total + n
 return func(k) { return total + k * 1.5 } }
for i in range(0, 10) { add(i) }
"""
NOW = SourceStamp("runtime", "package")


def compiled(text: str) -> CompiledUnit:
    from rufflang.bytecode import compile_program

    source = Source("program.ruff", text)
    program = parse(source).program
    assert program is not None
    return packed_unit(compile_program(program, source, builtin_table(load().rows)))


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Tables of the compiled runtime are still found where they are; stored things go to a fresh folder."""
    compiled("")
    monkeypatch.setattr(program_store, "cache_directory", lambda: str(tmp_path))
    return tmp_path


def test_a_stored_unit_comes_back_as_it_was() -> None:
    original = compiled(PROGRAM)
    program_keeping.store(NOW, "program.ruff", PROGRAM, original)
    restored = program_store.restore(NOW, "program.ruff", PROGRAM)
    assert restored is not None
    assert restored.words == original.words
    assert restored.global_names == original.global_names
    assert restored.global_base == original.global_base
    assert restored.exports == original.exports == {}
    assert restored.assumptions == original.assumptions == {}
    before, after = prepare(original.unit), prepare(restored.unit)
    assert [item.code for item in after] == [item.code for item in before]
    assert [item.loops for item in after] == [item.loops for item in before]
    assert [item.chunk.name for item in after] == ["", "add", "<lambda>"]


def test_a_unit_counts_only_for_the_same_text_path_and_version() -> None:
    program_keeping.store(NOW, "program.ruff", PROGRAM, compiled(PROGRAM))
    assert program_store.restore(NOW, "program.ruff", PROGRAM + " ") is None
    assert program_store.restore(NOW, "other.ruff", PROGRAM) is None
    assert program_store.restore(SourceStamp("runtime", "later"), "program.ruff", PROGRAM) is None


def test_the_store_forgets_the_oldest_programs(monkeypatch: pytest.MonkeyPatch, own_cache: Path) -> None:
    monkeypatch.setattr(program_keeping, "LARGEST_STORE", 10)
    monkeypatch.setattr(program_keeping, "KEPT_AFTER_CLEANING", 5)
    unit = compiled("print(1)")
    for number in range(11):
        program_keeping.store(NOW, f"{number}.ruff", "print(1)", unit)
        for place in (own_cache / "programs").iterdir():
            status = place.stat()
            os.utime(place, (status.st_atime - 10, status.st_mtime - 10))
    known = [n for n in range(11) if program_store.restore(NOW, f"{n}.ruff", "print(1)")]
    assert known == [6, 7, 8, 9, 10]


@pytest.mark.parametrize("place", [(1, 1, 1), (1_048_576, 1, 5), (3, 1_048_576, 0), (7, 8, 1_048_576)])
def test_positions_of_any_allowed_source_fit_into_a_word(place: tuple[int, int, int]) -> None:
    line, column, width = place
    word = pack_position(Span(10, 10 + width, line, column))
    assert 0 < word < 1 << 63
    assert unpack_position(word) == place
