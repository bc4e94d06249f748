"""The numbers by which caches and compiled code know functions: the same in every program that has a function."""

from __future__ import annotations

import textwrap
from hashlib import sha256

import pytest

from rufflang.bytecode.chunk import all_chunks
from rufflang.cli.bytecode_of import bytecode_of
from rufflang.cli.front_end import checked_program
from rufflang.host import packing
from rufflang.host.compiled_unit import CompiledUnit
from rufflang.host.machine import Machine
from rufflang.host.packing import packed_unit
from rufflang.run_options import RunOptions
from rufflang.runtime.functions_numbers import SHORT_NUMBER
from rufflang.syntax import Source
from tests.jit.hot_programs import run_here

TEXT = """
    LIMIT := 3
    func first(x) {
        func inner(y) { return y + LIMIT }
        return inner(x)
    }
    func second(x) { return first(x) * 2 }
    print(second(1))
"""


def compiled(text: str) -> tuple[CompiledUnit, list[str]]:
    """A program as it is loaded, and the names of its functions."""
    unit, _ = bytecode_of(checked_program(Source("program.ruff", textwrap.dedent(text))))
    return packed_unit(unit), [chunk.name for chunk in all_chunks(unit.main)]


def numbers_of(*units: CompiledUnit) -> list[int]:
    """The numbers of all functions of units that are loaded one after the other."""
    machine = Machine(RunOptions(), "program.ruff")
    for unit in units:
        machine.load(unit, None)
    numbers = [number for loaded, _ in machine.chunks.stored_units(0) for number in loaded]
    assert [machine.chunks.index_of(number) for number in numbers] == list(range(len(numbers)))
    assert 0 not in numbers
    machine.close()
    return numbers


def named_numbers(text: str) -> dict[str, int]:
    """The numbers of a program's functions by their names; that of the top level is left out."""
    unit, names = compiled(text)
    found = dict(zip(names, numbers_of(unit), strict=True))
    del found[""]
    return found


def renumbered(old: str, new: str) -> set[str]:
    """The functions that have another number after an edit, or none."""
    assert old in TEXT
    before, after = named_numbers(TEXT), named_numbers(TEXT.replace(old, new))
    return {name for name in before if before[name] != after.get(name)}


def test_functions_keep_their_numbers_whatever_comes_or_goes_around_them() -> None:
    for old, new in (
        ("    LIMIT", "    func added(x) { return x }\n    LIMIT"),
        ("    LIMIT", "\n\n    OTHER := 1\n    LIMIT"),
        ("    func second", "    struct Pair { left, right }\n    func second"),
        ("    print(second(1))\n", ""),
    ):
        assert renumbered(old, new) == set()


def test_a_function_that_is_edited_gets_another_number_and_no_other_does() -> None:
    assert renumbered("* 2", "* 3") == {"second"}
    assert renumbered("y + LIMIT", "y - LIMIT") == {"inner"}
    assert renumbered("func second(x)", "func second(x, y)") == {"second"}
    assert renumbered("inner(x)\n", "inner(x + 1)\n") == {"first"}


def test_what_a_function_captures_belongs_to_the_one_around_it() -> None:
    assert renumbered("y + LIMIT", "y + x") >= {"first", "inner"}


def test_functions_that_are_alike_have_numbers_of_their_own() -> None:
    unit, names = compiled("fs := [" + "func(x) { return x }, " * 200 + "]")
    assert len(set(numbers_of(unit))) == len(names)
    assert len(set(numbers_of(unit, unit, unit))) == 3 * len(names)


def test_functions_are_told_apart_also_where_digests_begin_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "content_digest", lambda content: bytes(3) + sha256(content).digest()[:13])
    functions = "\n".join(f"func f{number}(x) {{ return x + {number} }}" for number in range(100))
    called = (0, 1, 98, 99)  # of those that have short numbers and of those that do not
    calls = "\n".join(f"t := t + f{number}(i)" for number in called)
    text = f"{functions}\nmut t := 0\nfor i in 20 {{\n{calls}\n}}\nprint(t)"
    numbers = numbers_of(compiled(text)[0])
    assert len(set(numbers)) == len(numbers)
    assert min(numbers) < SHORT_NUMBER <= max(numbers)
    assert run_here(f"{text}\nexit(t % 251)", 2, 5).outcome.exit_code == sum(
        i + number for i in range(20) for number in called
    ) % 251
